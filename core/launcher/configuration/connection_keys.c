#include "config.h"

#include "launcher/configuration/connection_keys.h"

#include "common/address.h"

void connection_keys_judge(const struct scope *s, const struct layer *l)
{
	const struct given *source = layer_given(l, KEY_SOURCE_ADDRESS);
	const struct given *word = layer_given(l, KEY_ADDRESS_FAMILY);
	enum address_family family;
	struct err e;
	if (source && word &&
	    !address_family_read(json_string_value(source->value), json_string_value(word->value), &family,
	                         &e))
		troubles_add(s->t, TROUBLE_BROKEN, s->file, source->origin.line, "%s", e.text);
}
