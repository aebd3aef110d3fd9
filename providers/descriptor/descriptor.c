#include "config.h"

#include "descriptor.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/conf.h"
#include "common/mem.h"
#include "common/trusted.h"

#define EXTENDS_MOST 3
#define OWN_FOLDER   SYSCONFDIR "/dnsproof/plugins.d"
#define OUR_FOLDER   DATADIR "/dnsproof/plugins.d"

static char *path_in(const char *folder, const char *name)
{
	return xasprintf("%s/%s.yaml", folder, name);
}

/* The file's path, or NULL. */
static char *find(const char *name, const char *folder, bool *own)
{
	const char *const folders[] = {folder ? folder : OWN_FOLDER, folder ? NULL : OUR_FOLDER};

	for (size_t i = 0; i < 2 && folders[i]; i++) {
		char *path = path_in(folders[i], name);

		*own = !folder && i == 0;
		if (access(path, F_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

bool descriptor_exists(const char *name, const char *folder)
{
	bool own;
	char *path = trusted_name(name) ? find(name, folder, &own) : NULL;
	bool there = path != NULL;

	free(path);
	return there;
}

bool descriptor_wrong(const struct descriptor *d, const char *pointer, struct err *e, const char *format, ...)
{
	char *above = xstrdup(pointer), *slash, words[800];
	const json_t *place;
	va_list args;

	while (!(place = json_object_get(d->places, above)) && (slash = strrchr(above, '/')))
		*slash = '\0';
	free(above);
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	return err_set(e, "%s: %s", place ? json_string_value(place) : d->file, words);
}

static void places_add(json_t *places, const struct conf *c, const char *pointer)
{
	char *place = xasprintf("%s:%d", c->file, conf_line(c, pointer));

	json_object_set_new(places, pointer, json_string(place));
	free(place);
}

/* Puts `over` into `under`: maps key by key, null removes, everything else replaces. */
static void merge(json_t *under, const struct conf *c, json_t *over, json_t *places, const char *pointer)
{
	const char *key;
	json_t *value;

	json_object_foreach(over, key, value)
	{
		char *inner = conf_pointer(pointer, key);
		json_t *below = json_object_get(under, key);

		places_add(places, c, inner);
		if (json_is_null(value))
			json_object_del(under, key);
		else if (json_is_object(value) && json_is_object(below))
			merge(below, c, value, places, inner);
		else
			json_object_set_new(under, key, json_deep_copy(value));
		free(inner);
	}
}

/* Places of all values of a replaced branch: those of this file hold. */
static void places_take(json_t *places, const struct conf *c)
{
	const char *pointer;
	json_t *line;

	json_object_foreach(c->lines, pointer, line) places_add(places, c, pointer);
}

static bool file_read(const char *name, const char *folder, struct conf *c, bool *own, struct err *e)
{
	char *path = find(name, folder, own);
	bool ok = false;
	int fd;

	*c = (struct conf){0};
	if (!path)
		return err_set(e, "no descriptor '%s.yaml' in %s", name,
		               folder ? folder : OWN_FOLDER " or " OUR_FOLDER);
	fd = trusted_open(path, e);
	if (fd >= 0) {
		ok = conf_read(c, path, fd, e);
		close(fd);
	}
	if (ok && !json_is_object(c->root))
		ok = err_set(e, "%s:1: not a map, expected a descriptor (dnsproof-descriptor(5))", path);
	free(path);
	return ok;
}

static bool read_deep(struct descriptor *d, const char *name, const char *folder, int deep, struct err *e)
{
	const json_t *extends;
	struct conf c;
	bool own, ok = file_read(name, folder, &c, &own, e);

	if (!ok)
		goto out;
	if (deep == 0) {
		d->own = own;
		d->file = xstrdup(c.file);
	}
	extends = json_object_get(c.root, "extends");
	if (extends) {
		const char *base = json_string_value(extends);

		if (!base || !trusted_name(base))
			ok = conf_wrong(&c, "/extends", e, "extends: expected the name of a descriptor");
		else if (deep >= EXTENDS_MOST)
			ok = conf_wrong(&c, "/extends", e, "extends: more than %d deep", EXTENDS_MOST);
		else if (!descriptor_exists(base, folder))
			ok = conf_wrong(&c, "/extends", e, "extends: there is no descriptor '%s'", base);
		else
			ok = read_deep(d, base, folder, deep + 1, e);
	}
	if (ok) {
		json_object_del(c.root, "extends");
		places_take(d->places, &c);
		merge(d->root, &c, c.root, d->places, "");
	}
out:
	conf_free(&c);
	return ok;
}

struct descriptor *descriptor_read(const char *name, const char *folder, struct err *e)
{
	struct descriptor *d = xcalloc(1, sizeof(*d));

	d->name = xstrdup(name);
	d->root = json_object();
	d->places = json_object();
	if (read_deep(d, name, folder, 0, e))
		return d;
	descriptor_free(d);
	return NULL;
}

void descriptor_free(struct descriptor *d)
{
	if (!d)
		return;
	json_decref(d->root);
	json_decref(d->places);
	free_all(d->name, d->file, d);
}

static bool names_in(const char *folder, struct strs *names, struct err *e)
{
	DIR *d = opendir(folder);
	struct dirent *entry;

	if (!d)
		return errno == ENOENT || err_set(e, "%s: %s", folder, strerror(errno));
	while ((entry = readdir(d))) {
		char *name = str_ends(entry->d_name, ".yaml")
		                 ? xstrndup(entry->d_name, strlen(entry->d_name) - 5)
		                 : NULL;

		if (name && trusted_name(name) && !strs_has(names, name))
			strs_add(names, name);
		free(name);
	}
	closedir(d);
	return true;
}

bool descriptor_names(const char *folder, struct strs *names, struct err *e)
{
	if (folder)
		return names_in(folder, names, e);
	return names_in(OWN_FOLDER, names, e) && names_in(OUR_FOLDER, names, e);
}
