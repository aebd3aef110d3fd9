#include "config.h"

#include "launcher/certificate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "launcher/jsonfile.h"
#include "launcher/strings.h"

static bool is_there(const char *state, const char *id)
{
	char *live = xasprintf("%s/certs/%s/live", state, id);
	bool there = access(live, F_OK) == 0;
	free(live);
	return there;
}

static char *text_of(const json_t *json, const char *member, const char *standard)
{
	const char *text = json_string_value(json_object_get(json, member));
	return xstrdup(text ? text : standard);
}

static unsigned number_of(const json_t *json, const char *member, unsigned standard)
{
	json_int_t n = json_integer_value(json_object_get(json, member));
	return n > 0 && n < 1000000 ? (unsigned)n : standard;
}

bool certificate_load(struct certificate *i, const char *state, const char *id, struct err *e)
{
	char *folder = xasprintf("%s/issued", state), *file = xasprintf("%s.json", id);
	memset(i, 0, sizeof *i);
	json_t *json = jsonfile_read(folder, file, e);
	if (json) {
		strings_take(&i->names, json_object_get(json, "names"));
		strings_take(&i->dns, json_object_get(json, "dns"));
		i->ca = text_of(json, "ca", NULL);
		i->key = text_of(json, "key", "p256");
		i->policy = text_of(json, "policy", "reachable");
		i->ttl = number_of(json, "ttl", 60);
		i->timeout = number_of(json, "timeout", 600);
		i->pending = json_is_true(json_object_get(json, "pending")) && !is_there(state, id);
	}
	bool ok = i->names.n && i->ca;
	if (json && !ok) {
		err_set(e, "%s/%s is damaged; move it away", folder, file);
		certificate_free(i);
	}
	json_decref(json);
	free(file);
	free(folder);
	return ok;
}

bool certificate_write(const struct certificate *i, const char *state, const char *id, struct err *e)
{
	char *folder = xasprintf("%s/issued", state), *file = xasprintf("%s.json", id);
	json_t *json =
	    json_pack("{s:o, s:s, s:o, s:s, s:s, s:i, s:i, s:b}", "names", strings_json(&i->names), "ca",
	              i->ca, "dns", strings_json(&i->dns), "key", i->key, "policy", i->policy, "ttl",
	              (int)i->ttl, "timeout", (int)i->timeout, "pending", i->pending);
	bool ok = jsonfile_write(folder, file, json, e);
	json_decref(json);
	free(file);
	free(folder);
	return ok;
}

void certificate_free(struct certificate *i)
{
	strs_free(&i->names);
	strs_free(&i->dns);
	free(i->ca);
	free(i->key);
	free(i->policy);
	memset(i, 0, sizeof *i);
}
