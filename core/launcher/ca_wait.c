#include "config.h"

#include "launcher/ca_wait.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/strings.h"

#define ORDER      "order "
#define DOMAIN     "domain "
#define NAMES_MOST 100

enum { HOLDER, ABOUT, UNTIL };

/* The list of names in what an order's row is about. */
static const char *list_of(const char *about)
{
	return about + (str_starts(about, ORDER) ? strlen(ORDER) : 0);
}

/* The names as such a list. New. */
static char *list_text(const struct strs *names)
{
	json_t *list = strings_json(names);
	char *text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return text ? text : xstrdup("");
}

static bool has_name_of(const struct strs *names, const char *domain)
{
	for (size_t i = 0; i < names->n; i++)
		if (name_is_below(names->at[i], domain))
			return true;
	return false;
}

static bool holds(const char *about, const struct strs *names, const char *list)
{
	if (str_starts(about, DOMAIN))
		return has_name_of(names, about + strlen(DOMAIN));
	return !*about || strcmp(about, "newNonce") == 0 || strcmp(about, "newOrder") == 0 ||
	       strcmp(list_of(about), list) == 0;
}

int64_t ca_wait_until(const json_t *later, const struct ca_account *a, const char *names)
{
	const json_t *row;
	int64_t last = 0;
	size_t i;
	if (!json_array_size(later))
		return 0;
	struct strs words = {0};
	strs_words(&words, names);
	char *list = list_text(&words);
	json_array_foreach(later, i, row)
	{
		const char *holder = strings_at(row, HOLDER);
		int64_t until = json_integer_value(json_array_get(row, UNTIL));
		if (until > last && (strcmp(holder, a->name) == 0 || strcmp(holder, a->directory) == 0) &&
		    holds(strings_at(row, ABOUT), &words, list))
			last = until;
	}
	strs_free(&words);
	free(list);
	return last;
}

char *ca_wait_about(const json_t *row)
{
	static const struct {
		const char *about, *words;
	} all[] = {{"", "all requests"},
	           {"newNonce", "all requests"},
	           {"newOrder", "new orders"},
	           {"renewalInfo", "advice on renewals"},
	           {"revokeCert", "revocations"}};
	const char *about = strings_at(row, ABOUT);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(about, all[i].about) == 0)
			return xstrdup(all[i].words);
	struct strs names = {0};
	bool domain = str_starts(about, DOMAIN);
	json_t *list = domain ? NULL : json_loads(list_of(about), 0, NULL);
	strings_take(&names, list);
	char *joined = domain ? xstrdup(about + strlen(DOMAIN)) : strs_join(&names, ", ");
	char *shown = str_printable(joined, NAMES_MOST);
	char *text = xasprintf("%s %s", domain ? "certificates in" : "the order of", shown);
	json_decref(list);
	strs_free(&names);
	free_all(joined, shown);
	return text;
}
