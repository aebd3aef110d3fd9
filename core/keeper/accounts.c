#include "config.h"

#include "keeper/accounts.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "keeper/rollover.h"
#include "keeper/store.h"

struct entry {
	struct entry *next;
	struct account *account, *later;
};

struct accounts {
	const struct setup *setup;
	struct entry *first;
};

struct accounts *accounts_new(const struct setup *setup)
{
	struct accounts *all = xcalloc(1, sizeof(*all));

	all->setup = setup;
	return all;
}

static void entry_free(struct entry *entry)
{
	account_free(entry->account);
	account_free(entry->later);
	free(entry);
}

void accounts_free(struct accounts *all)
{
	struct entry *next;

	if (!all)
		return;
	for (struct entry *at = all->first; at; at = next) {
		next = at->next;
		entry_free(at);
	}
	free(all);
}

bool accounts_lacks(const struct accounts *all, const char *name)
{
	char *file = xasprintf("%s.pem", name);
	struct folder keys;
	struct err e;
	bool lacks = setup_is_fixed(all->setup, name) && !setup_import(all->setup, name) &&
	             store_keys(setup_state(all->setup), &keys, &e);

	if (lacks) {
		lacks = !folder_has(&keys, file, &e) && !e.text[0];
		folder_close(&keys);
	}
	free(file);
	return lacks;
}

static struct account *read_account(const struct accounts *all, const struct folder *keys, const char *name,
                                    const char *directory, struct err *e)
{
	const char *import = setup_import(all->setup, name);

	if (import)
		return account_import(keys, name, directory, import, e);
	return setup_is_fixed(all->setup, name) ? account_load(keys, name, directory, e)
	                                        : account_open(keys, name, directory, e);
}

static bool read_keys(const struct accounts *all, const char *name, struct entry *to, struct err *e)
{
	const char *directory = setup_directory(all->setup, name);
	struct folder keys;

	if (!directory)
		return err_set(e, "account '%.200s' is not one of this run", name);
	const char *import = setup_import(all->setup, name);

	if (store_keys(setup_state(all->setup), &keys, e))
		to->account = read_account(all, &keys, name, directory, e);
	if (to->account && !import)
		to->later = rollover_next(&keys, name, directory, e);
	folder_close(&keys);
	return to->account && (to->later || import || !e->text[0]);
}

static struct entry *entry_of(struct accounts *all, const char *name, struct err *e)
{
	struct entry *entry = all->first;

	while (entry && strcmp(entry->account->name, name) != 0)
		entry = entry->next;
	if (entry)
		return entry;
	entry = xcalloc(1, sizeof(*entry));
	if (!read_keys(all, name, entry, e)) {
		entry_free(entry);
		return NULL;
	}
	entry->next = all->first;
	all->first = entry;
	return entry;
}

struct account *accounts_get(struct accounts *all, const char *name, struct err *e)
{
	const struct entry *entry = entry_of(all, name, e);

	return entry ? entry->account : NULL;
}

struct account *accounts_next(struct accounts *all, const char *name, struct err *e)
{
	const struct entry *entry = entry_of(all, name, e);

	if (entry)
		e->text[0] = '\0';
	return entry ? entry->later : NULL;
}

void accounts_forget(struct accounts *all, const char *name)
{
	struct entry **at = &all->first, *entry;

	while ((entry = *at) && strcmp(entry->account->name, name) != 0)
		at = &entry->next;
	if (!entry)
		return;
	*at = entry->next;
	entry_free(entry);
}
