#include "config.h"

#include "launcher/certificate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/jsonfile.h"
#include "launcher/names.h"
#include "launcher/strings.h"

const char *certificate_backup(const struct certificate *c)
{
	const char *backup = spec_text(c->settings, KEY_BACKUP_CA), *ca = spec_text(c->settings, KEY_CA);
	return backup && !(ca && strcmp(backup, ca) == 0) ? backup : NULL;
}

static bool is_there(const char *state, const char *id)
{
	char *live = xasprintf("%s/certs/%s/live", state, id);
	bool there = access(live, F_OK) == 0;
	free(live);
	return there;
}

/* Before 0.1 a certificate was written down before there was one. */
static bool was_never_made(const json_t *json, const char *state, const char *id)
{
	return json_is_true(json_object_get(json, "pending")) && !is_there(state, id);
}

static bool has_fine_common_name(const struct certificate *c, struct err *e)
{
	const char *name = spec_text(c->settings, KEY_COMMON_NAME);
	return !name || names_common_name(name, &c->names, e) || err_prefix(e, "common_name");
}

bool certificate_load(struct certificate *c, const char *state, const char *id, struct err *e)
{
	char *folder = xasprintf("%s/issued", state), *file = xasprintf("%s.json", id);
	struct err why = {""};
	*c = (struct certificate){.settings = json_object()};
	json_t *json = jsonfile_read(folder, file, e);
	bool ok = json && !was_never_made(json, state, id);
	if (ok) {
		strings_take(&c->names, json_object_get(json, "names"));
		strings_take(&c->dns, json_object_get(json, "dns"));
		strings_take(&c->configured_ca, json_object_get(json, CERTIFICATE_CONFIGURED_CA));
		strings_take(&c->configured_dns, json_object_get(json, CERTIFICATE_CONFIGURED_DNS));
		ok = spec_copy(c->settings, json, SPEC_CERTIFICATE, &why) && c->names.n &&
		     json_object_get(c->settings, spec_name(KEY_CA)) && has_fine_common_name(c, &why);
		if (!ok)
			err_set(e, "%s/%s is damaged%s%s; move it away", folder, file, *why.text ? ": " : "",
			        why.text);
	}
	if (!ok)
		certificate_free(c);
	json_decref(json);
	free(file);
	free(folder);
	return ok;
}

/* Where there is none the file is as it always was. */
static void put_list(json_t *json, const char *member, const struct strs *list)
{
	if (list->n)
		json_object_set_new(json, member, strings_json(list));
}

bool certificate_write(const struct certificate *c, const char *state, const char *id, struct err *e)
{
	char *folder = xasprintf("%s/issued", state), *file = xasprintf("%s.json", id);
	json_t *json = json_copy(c->settings);
	json_object_set_new(json, "names", strings_json(&c->names));
	json_object_set_new(json, "dns", strings_json(&c->dns));
	put_list(json, CERTIFICATE_CONFIGURED_CA, &c->configured_ca);
	put_list(json, CERTIFICATE_CONFIGURED_DNS, &c->configured_dns);
	bool ok = jsonfile_write(folder, file, json, e);
	json_decref(json);
	free(file);
	free(folder);
	return ok;
}

static bool is_same(const struct strs *a, const struct strs *b)
{
	bool same = a->n == b->n;
	for (size_t i = 0; same && i < a->n; i++)
		same = strcmp(a->at[i], b->at[i]) == 0;
	return same;
}

bool certificate_note_dns(const struct certificate *c, const char *state, const char *id, struct err *e)
{
	struct certificate now;
	struct err ignored; /* who damaged or removed it meanwhile is told by who reads it next */
	bool ok = true;
	if (certificate_load(&now, state, id, &ignored) && is_same(&now.names, &c->names) &&
	    is_same(&now.configured_dns, &c->configured_dns) && !is_same(&now.dns, &c->dns)) {
		struct certificate noted = now;
		noted.dns = c->dns;
		ok = certificate_write(&noted, state, id, e);
	}
	certificate_free(&now);
	return ok;
}

void certificate_free(struct certificate *c)
{
	strs_free(&c->names);
	strs_free(&c->dns);
	strs_free(&c->configured_ca);
	strs_free(&c->configured_dns);
	json_decref(c->settings);
	*c = (struct certificate){0};
}
