#include "config.h"

#include "launcher/import/rivals.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "launcher/import/clients.h"
#include "launcher/import/tree.h"

static void add_name(struct rivals *all, const char *typed)
{
	struct err ignored;
	char *name = name_normalise(typed, &ignored);
	if (!name)
		return;
	all->name = xgrow(all->name, all->names, sizeof *all->name);
	all->name[all->names++] = (struct rival_name){name, all->n};
}

/* where, end: stolen. Of the names that were added last. */
static void add(struct rivals *all, const char *client, char *where, char *end)
{
	all->at = xgrow(all->at, all->n, sizeof *all->at);
	all->at[all->n++] = (struct rival){client, where, end};
}

/* A second one for the same name is called NAME-0001. */
static size_t without_number(const char *id)
{
	size_t n = strlen(id), digits = 0;
	while (digits < n && isdigit((unsigned char)id[n - 1 - digits]))
		digits++;
	return digits == 4 && n > 5 && id[n - 5] == '-' ? n - 5 : n;
}

static void take_certbot(struct rivals *all, const struct foreigns *f, const struct foreign *c)
{
	char *name = xstrndup(c->id, without_number(c->id));
	char *where = xasprintf("%s/renewal/%s.conf", f->path, c->id);
	add_name(all, name);
	add(all, "certbot", where, xasprintf("mv %s %s.off", where, where));
	free(name);
}

/* `acme.sh --remove` puts the file away, and leaves the folder. */
static void take_acmesh(struct rivals *all, const struct foreigns *f, const struct foreign *c)
{
	size_t folder = strcspn(c->chain, "/");
	bool ecc = folder > 4 && strncmp(c->chain + folder - 4, "_ecc", 4) == 0;
	char *base = xstrndup(c->chain, ecc ? folder - 4 : folder), *rest = NULL, *one;
	char *file = xasprintf("%.*s/%s.conf", (int)folder, c->chain, base);
	struct err ignored;
	char *conf = tree_text(f->tree, file, &ignored), *more = conf ? tree_setting(conf, "Le_Alt") : NULL;
	if (conf) {
		add_name(all, base);
		for (rest = more; (one = strsep(&rest, ","));)
			add_name(all, one);
		add(all, "acme.sh", xasprintf("%s/%s", f->path, file),
		    xasprintf("acme.sh --remove -d '%s'%s", base, ecc ? " --ecc" : ""));
	}
	free_all(base, file, conf, more);
}

/* "name name ... > alias", and comments. */
static void take_domains(struct rivals *all, const char *path, unsigned number, char *line)
{
	char *word;
	size_t before = all->names;
	line[strcspn(line, "#>")] = '\0';
	while ((word = strsep(&line, " \t\r")))
		if (*word)
			add_name(all, word);
	if (all->names > before)
		add(all, "dehydrated", xasprintf("%s:%u", path, number), xstrdup("take that line out"));
}

static void read_domains(struct rivals *all, const char *folder)
{
	struct err ignored;
	int tree = tree_open(folder, &ignored);
	char *text = tree >= 0 ? tree_text(tree, "domains.txt", &ignored) : NULL, *rest = text, *line;
	char *path = xasprintf("%s/domains.txt", folder);
	for (unsigned n = 1; (line = strsep(&rest, "\n")); n++)
		take_domains(all, path, n, line);
	free_all(path, text);
	if (tree >= 0)
		close(tree);
}

typedef bool is_fn(int tree);
typedef void read_fn(struct foreigns *f);
typedef void take_fn(struct rivals *all, const struct foreigns *f, const struct foreign *c);

static void read_tree(struct rivals *all, const char *path, is_fn *is, read_fn *read, take_fn *take)
{
	struct err ignored;
	struct foreigns f = {.path = xstrdup(path), .tree = tree_open(path, &ignored)};
	if (f.tree >= 0 && is(f.tree))
		read(&f);
	for (size_t i = 0; i < f.n; i++)
		take(all, &f, &f.at[i]);
	foreigns_free(&f);
}

/* New string. */
static char *under_root(const char *path)
{
	const char *root = "";
#ifdef TEST_HOOKS
	const char *other = getenv("DNSPROOF_RIVALS");
	root = other ? other : "";
#endif
	return xasprintf("%s%s", root, path);
}

static int by_name(const void *a, const void *b)
{
	const struct rival_name *one = a, *other = b;
	int order = strcmp(one->name, other->name);
	return order ? order : (one->of > other->of) - (one->of < other->of);
}

void rivals_read(struct rivals *all)
{
	const char *home = getenv("HOME");
	char *certbot = under_root("/etc/letsencrypt"), *dehydrated = under_root("/etc/dehydrated");
	char *acmesh = home && *home == '/' ? xasprintf("%s/.acme.sh", home) : NULL;
	*all = (struct rivals){0};
	read_tree(all, certbot, certbot_is, certbot_read, take_certbot);
	if (acmesh)
		read_tree(all, acmesh, acmesh_is, acmesh_read, take_acmesh);
	read_domains(all, dehydrated);
	if (all->names)
		qsort(all->name, all->names, sizeof *all->name, by_name);
	free_all(certbot, dehydrated, acmesh);
}

void rivals_free(struct rivals *all)
{
	for (size_t i = 0; i < all->n; i++)
		free_all(all->at[i].where, all->at[i].end);
	for (size_t i = 0; i < all->names; i++)
		free(all->name[i].name);
	free_all(all->at, all->name);
	*all = (struct rivals){0};
}

const struct rival_name *rivals_find(const struct rivals *all, const char *name)
{
	size_t from = 0, to = all->names;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (strcmp(all->name[middle].name, name) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from < all->names && strcmp(all->name[from].name, name) == 0 ? &all->name[from] : NULL;
}
