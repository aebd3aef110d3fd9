#include "config.h"

#include "launcher/configuration/accepted_index.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/jsonfile.h"

#define INDEX "index.json"

static const char *const kinds[] = {"yaml", "text", "folder"};

struct accepted_file *accepted_add(struct accepted_files *f, enum accepted_kind kind, const char *path)
{
	f->at = xgrow(f->at, f->n, sizeof *f->at);
	struct accepted_file *one = &f->at[f->n++];
	*one = (struct accepted_file){.kind = kind, .path = xstrdup(path)};
	buf_init(&one->text, 0);
	return one;
}

static json_t *file_json(const struct accepted_file *f)
{
	json_t *o = json_pack("{s:s, s:s}", "path", f->path, "kind", kinds[f->kind]);
	char digest[17];
	if (f->absent)
		json_object_set_new(o, "absent", json_true());
	else if (f->stamped)
		json_object_set_new(o, "stamp", file_stamp_json(&f->stamp));
	if (f->copy) {
		snprintf(digest, sizeof digest, "%016llx", (unsigned long long)f->digest);
		json_object_set_new(o, "copy", json_string(f->copy));
		json_object_set_new(o, "digest", json_string(digest));
	}
	return o;
}

bool accepted_index_write(const struct accepted *a, const struct accepted_files *files, struct err *e)
{
	json_t *list = json_array();
	for (size_t i = 0; i < files->n; i++)
		json_array_append_new(list, file_json(&files->at[i]));
	json_t *all =
	    json_pack("{s:s, s:s, s:I, s:I, s:o}", "version", PACKAGE_VERSION, "configuration", a->path,
	              "since", (json_int_t)a->since, "serial", (json_int_t)a->last, "files", list);
	bool ok = all ? jsonfile_write(a->folder, INDEX, all, e) : err_set(e, "a path is no UTF-8");
	json_decref(all);
	return ok;
}

static bool copy_is_fine(const char *name)
{
	return *name && !name[strspn(name, "0123456789-")];
}

static void take_file(struct accepted *a, const json_t *o)
{
	const char *path = json_string_value(json_object_get(o, "path"));
	const char *kind = json_string_value(json_object_get(o, "kind"));
	const char *copy = json_string_value(json_object_get(o, "copy"));
	const char *digest = json_string_value(json_object_get(o, "digest"));
	int which = 0;
	while (kind && which < 3 && strcmp(kinds[which], kind) != 0)
		which++;
	if (!path || !kind || which == 3)
		return;
	struct accepted_file *f = accepted_add(&a->old, (enum accepted_kind)which, path);
	f->absent = json_is_true(json_object_get(o, "absent"));
	f->stamped = f->absent || file_stamp_take(&f->stamp, json_object_get(o, "stamp"));
	if (copy && digest && copy_is_fine(copy)) {
		f->copy = xstrdup(copy);
		f->digest = strtoull(digest, NULL, 16);
	}
}

void accepted_index_read(struct accepted *a)
{
	struct err ignored;
	json_t *all = jsonfile_read(a->folder, INDEX, &ignored), *one;
	const char *path = json_string_value(json_object_get(all, "configuration"));
	const char *version = json_string_value(json_object_get(all, "version"));
	size_t i;
	a->last = json_integer_value(json_object_get(all, "serial"));
	if (path && strcmp(path, a->path) == 0) {
		a->since = json_integer_value(json_object_get(all, "since"));
		a->same_version = version && strcmp(version, PACKAGE_VERSION) == 0;
		json_array_foreach(json_object_get(all, "files"), i, one) take_file(a, one);
	}
	json_decref(all);
}
