#include "config.h"

#include "launcher/revocation.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fnv.h"
#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/jsonfile.h"

static char *folder_of(const char *state)
{
	return xasprintf("%s/revocations", state);
}

/* Of the certificate that is meant, so that it is there once. New string. */
static char *file_of(const struct revocation *r)
{
	if (r->id)
		return xasprintf("%s.%s.json", r->id, r->generation);
	return xasprintf("file-%016llx.json", (unsigned long long)fnv64(r->pem));
}

static void revocation_clear(struct revocation *r)
{
	free_all(r->id, r->generation, r->pem, r->key, r->label, r->ca, r->reason);
}

void revocations_free(struct revocations *all)
{
	for (size_t i = 0; i < all->n; i++)
		revocation_clear(&all->at[i]);
	free(all->at);
	*all = (struct revocations){0};
}

struct revocation *revocations_add(struct revocations *all)
{
	all->at = xgrow(all->at, all->n, sizeof *all->at);
	all->at[all->n] = (struct revocation){0};
	return &all->at[all->n++];
}

static char *member(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));
	return text ? xstrdup(text) : NULL;
}

static bool parse(struct revocation *r, const json_t *json)
{
	*r = (struct revocation){.id = member(json, "id"),
	                         .generation = member(json, "generation"),
	                         .pem = member(json, "pem"),
	                         .key = member(json, "key"),
	                         .label = member(json, "label"),
	                         .ca = member(json, "ca"),
	                         .reason = member(json, "reason"),
	                         .own_key = json_is_true(json_object_get(json, "own_key")),
	                         .replace = json_is_true(json_object_get(json, "replace"))};
	return r->label && r->ca && spec_word(KEY_REASON, r->reason) >= 0 &&
	       ((r->id && r->generation) || r->pem);
}

bool revocations_load(struct revocations *all, const char *state, struct strs *damaged, struct err *e)
{
	char *folder = folder_of(state);
	struct strs names = {0};
	*all = (struct revocations){0};
	bool ok = jsonfile_list(folder, &names, e);
	for (size_t i = 0; i < names.n; i++) {
		char *file = xasprintf("%s.json", names.at[i]);
		struct err why = {""};
		json_t *json = jsonfile_read(folder, file, &why);
		if (json && !parse(revocations_add(all), json)) {
			revocation_clear(&all->at[--all->n]);
			err_set(&why, "%s/%s is no revocation; move it away", folder, file);
		}
		if (why.text[0])
			strs_add(damaged, why.text);
		json_decref(json);
		free(file);
	}
	strs_free(&names);
	free(folder);
	return ok;
}

bool revocation_write(const struct revocation *r, const char *state, struct err *e)
{
	char *folder = folder_of(state), *file = file_of(r);
	json_t *json =
	    json_pack("{s:s*, s:s*, s:s*, s:s*, s:s, s:s, s:s, s:b, s:b}", "id", r->id, "generation",
	              r->generation, "pem", r->pem, "key", r->key, "label", r->label, "ca", r->ca, "reason",
	              r->reason, "own_key", r->own_key, "replace", r->replace);
	bool ok = jsonfile_write(folder, file, json, e);
	json_decref(json);
	free_all(folder, file);
	return ok;
}

bool revocation_drop(const struct revocation *r, const char *state, struct err *e)
{
	char *folder = folder_of(state), *file = file_of(r), *path = xasprintf("%s/%s", folder, file);
	bool ok = unlink(path) == 0 || errno == ENOENT || err_set(e, "%s: %s", path, strerror(errno));
	free_all(folder, file, path);
	return ok;
}

int revocation_code(const struct revocation *r)
{
	static const int codes[] = {0, 1, 3, 4, 5}; /* in the order of the words */
	return codes[spec_word(KEY_REASON, r->reason)];
}

char *revocation_live(const char *state, const char *id)
{
	char *path = xasprintf("%s/certs/%s/live", state, id), target[NAME_MAX + 1];
	ssize_t n = readlink(path, target, sizeof target);
	free(path);
	return n > 0 && (size_t)n < sizeof target ? xstrndup(target, (size_t)n) : NULL;
}

bool revocation_waits(const struct revocation *r, const char *state)
{
	char *live = r->replace ? revocation_live(state, r->id) : NULL;
	bool waits = live && strcmp(live, r->generation) == 0;
	free(live);
	return waits;
}

bool revocations_wait_for(const struct revocations *all, const char *state, const char *id)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].id && strcmp(all->at[i].id, id) == 0 && revocation_waits(&all->at[i], state))
			return true;
	return false;
}
