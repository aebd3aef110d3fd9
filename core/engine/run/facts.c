#include "engine/run/facts.h"

#include <stdlib.h>

#include "engine/journal/certificates.h"

static const char *text(const json_t *current, const char *member)
{
	return json_string_value(json_object_get(current, member));
}

/* A blank between them. New. */
static char *words(const json_t *list)
{
	struct strs all = {0};
	const json_t *v;
	size_t i;

	json_array_foreach(list, i, v)
	{
		if (json_is_string(v))
			strs_add(&all, json_string_value(v));
	}
	char *joined = strs_join(&all, " ");
	strs_free(&all);
	return joined;
}

void facts_store(struct world *e, const struct job_cert *c, const char *key_type, const json_t *current,
                 const struct due_dates *dates, int64_t look_at)
{
	char *names = strs_join(&c->names, " "), *dns = strs_join(&c->dns, " ");
	char *published = words(json_object_get(current, "names"));
	const struct certificate_key key = {c->id, key_type, names, c->ca, dns};
	const struct certificate_facts facts = {
	    .generation = text(current, "generation"),
	    .stamp = text(current, "stamp"),
	    .serial = text(current, "serial"),
	    .directory = text(current, "directory"),
	    .profile = text(current, "profile"),
	    .ari = text(current, "ari"),
	    .published = published,
	    .not_before = json_integer_value(json_object_get(current, "not_before")),
	    .not_after = json_integer_value(json_object_get(current, "not_after")),
	};

	const struct certificate_moments when = {
	    .look_at = look_at,
	    .renewed_from = dates->until ? dates->from : 0,
	    .earliest = dates->until ? dates->earliest : 0,
	};

	certificate_store(e->turn, &key, &facts, &when);
	free(names);
	free(dns);
	free(published);
}
