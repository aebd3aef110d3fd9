#include "config.h"

#include "keeper/succession.h"

#include <jansson.h>

#include "keeper/live.h"

bool succession_allowed(const struct setup *s, const struct folder *cert, const char *id,
                        const char *directory, struct err *e)
{
	json_t *facts;
	const char *from;
	bool ok = true;

	if (!setup_is_test(s, directory) || setup_replaces_trusted(s, id))
		return true;
	facts = live_facts(cert, NULL);
	from = json_string_value(json_object_get(facts, "directory"));
	if (json_object_get(facts, "generation") && !setup_is_test(s, from))
		ok = err_set(
		    e,
		    "the certificate there is from %.200s; one of a test CA (%.200s), which nobody "
		    "trusts, would replace it; add --replace-trusted if that is wanted, or --id ID to "
		    "keep both",
		    from ? from : "a CA that may be trusted", directory);
	json_decref(facts);
	return ok;
}
