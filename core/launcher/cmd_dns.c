#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/cmd.h"
#include "launcher/dns_account.h"
#include "launcher/dns_rename.h"
#include "launcher/events.h"
#include "launcher/options.h"
#include "launcher/status.h"
#include "launcher/strings.h"

struct dns {
	struct options o;
	struct strs words; /* what was typed behind dns */
	struct status s;
	size_t *users; /* certificates of each account */
};

static size_t owed_through(const struct dns *w, const char *account)
{
	const json_t *row;
	size_t i, n = 0;
	json_array_foreach(w->s.owed, i, row) n += strcmp(strings_at(row, 3), account) == 0;
	return n;
}

static void count_users(struct dns *w)
{
	const struct inventory *i = &w->s.i;
	w->users = xcalloc(i->accounts.n + 1, sizeof *w->users);
	for (size_t c = 0; c < i->all.n; c++)
		for (size_t d = 0; d < i->all.at[c].cert.dns.n; d++) {
			const struct dns_account *a =
			    dns_accounts_find(&i->accounts, i->all.at[c].cert.dns.at[d]);
			if (a)
				w->users[a - i->accounts.at]++;
		}
}

static json_t *facts(const struct dns *w, const struct dns_account *a)
{
	char *name = dns_account_label(a->name);
	json_t *o =
	    json_pack("{s:s, s:s, s:s, s:O?, s:O?, s:O?, s:O?, s:I, s:I}", "account", name, "id", a->name,
	              "provider", a->provider, "zone", spec_list(a->settings, KEY_ZONE), "cname_target",
	              spec_list(a->settings, KEY_CNAME_TARGET), "set", dns_account_set(a), "lacks", a->lacks,
	              "certificates", (json_int_t)w->users[a - w->s.i.accounts.at], "owed",
	              (json_int_t)owed_through(w, a->name));
	free(name);
	return o;
}

static void print_list(const char *title, const json_t *list)
{
	const json_t *v;
	size_t i;
	if (json_array_size(list))
		printf("  %s:\n", title);
	json_array_foreach(list, i, v) printf("    %s\n", json_string_value(v));
}

static void print_one(const struct dns *w, const struct dns_account *a)
{
	char *name = dns_account_label(a->name);
	const char *key;
	json_t *v;
	printf("%s, provider %s (%s)\n", name, a->provider, a->name);
	json_object_foreach(dns_account_set(a), key, v)
	    printf("  %s: %s\n", key, json_string_value(v) ? json_string_value(v) : "");
	print_list("lacks, as an older version stored the secret itself", a->lacks);
	print_list("zones", spec_list(a->settings, KEY_ZONE));
	print_list("may also write at", spec_list(a->settings, KEY_CNAME_TARGET));
	printf("  certificates: %zu\n  TXT records still to be removed: %zu\n",
	       w->users[a - w->s.i.accounts.at], owed_through(w, a->name));
	free(name);
}

static void print_row(const struct dns *w, const struct dns_account *a)
{
	char *name = dns_account_label(a->name);
	const json_t *zones = spec_list(a->settings, KEY_ZONE);
	size_t n = json_array_size(zones), owed = owed_through(w, a->name);
	printf("%-24s %-16s %zu certificate%s", name, a->provider, w->users[a - w->s.i.accounts.at],
	       w->users[a - w->s.i.accounts.at] == 1 ? "" : "s");
	if (n == 1)
		printf(", zone %s", strings_at(zones, 0));
	else if (n)
		printf(", %zu zones", n);
	if (owed)
		printf(", %zu TXT record%s still to be removed", owed, owed == 1 ? "" : "s");
	puts("");
	free(name);
}

static bool is_meant(const struct dns_account *a, const char *word)
{
	return !word || dns_account_is(a->name, word);
}

/* word: NULL for all. */
static int print(const struct dns *w, const char *word)
{
	const struct dns_accounts *all = &w->s.i.accounts;
	bool json = spec_yes(w->o.run, KEY_JSON);
	json_t *list = json_array();
	size_t n = 0;
	struct err e;
	for (size_t i = 0; i < all->n; i++) {
		if (!is_meant(&all->at[i], word))
			continue;
		n++;
		if (json)
			json_array_append_new(list, facts(w, &all->at[i]));
		else if (word)
			print_one(w, &all->at[i]);
		else
			print_row(w, &all->at[i]);
	}
	char *text = json_dumps(list, JSON_INDENT(1));
	if (json && (n || !word))
		puts(text);
	else if (!n && !word)
		puts("no DNS account yet; the configuration and dnsproof issue make them");
	free(text);
	json_decref(list);
	if (n || !word)
		return EXIT_DONE;
	err_set(&e, "there is no DNS account %s; dnsproof dns list lists them", word);
	return (int)events_refuse(EXIT_USAGE, &e);
}

static void nothing(void *arg, const struct standing_certificate *c)
{
	(void)arg;
	(void)c;
}

static int run(struct dns *w)
{
	const char *word = w->words.n ? w->words.at[0] : "";
	bool lists = strcmp(word, "list") == 0, shows = strcmp(word, "show") == 0;
	struct err e;
	bool ok = lists || shows || err_set(&e, "dnsproof dns needs list, show or rename; dnsproof help dns");
	if (ok && lists && w->words.n > 1)
		ok = err_set(&e, "dnsproof dns list takes no names: it lists all accounts");
	if (ok && shows && w->words.n != 2)
		ok = err_set(&e, "dnsproof dns show needs one account; dnsproof help dns");
	if (!ok || !status_load(&w->s, &w->o, &e))
		return (int)events_refuse(EXIT_USAGE, &e);
	if (!status_each(&w->s, nothing, NULL, &e))
		return (int)events_refuse(EXIT_FAILED, &e);
	count_users(w);
	return print(w, shows ? w->words.at[1] : NULL);
}

int cmd_dns(int argc, char **argv)
{
	struct dns w = {0};
	int code;
	if (options_begin(SPEC_DNS, argc, argv, &w.o, &code)) {
		w.words = w.o.names; /* no certificates */
		w.o.names = (struct strs){0};
		if (w.words.n && strcmp(w.words.at[0], "rename") == 0) {
			code = dns_rename(&w.o, &w.words);
		} else {
			events_open(EVENTS_QUIET,
			            0); /* what is wrong is told on stderr, whatever stdout is for */
			code = run(&w);
		}
	}
	strs_free(&w.words);
	free(w.users);
	status_free(&w.s);
	options_free(&w.o);
	return code;
}
