#include "engine/run/brief.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "engine/journal/handover.h"

#define DAY  86400
#define DAYS 92 /* and whatever is later */

struct account {
	char *name;
	size_t n[DAYS + 1]; /* by day from now */
};

struct brief {
	int64_t now;
	struct strs failing;  /* sorted */
	size_t at;            /* the first of these that is not before the certificate */
	char *told, *counted; /* the certificate that was told last, and that was counted last */
	struct account *account;
	size_t accounts;
};

struct brief *brief_new(struct db *d, const char *digest, int64_t now)
{
	struct brief *b;
	struct err e;
	bool known;

	if (!digest || !handover_is_known(d, digest, &known, &e) || !known)
		return NULL;
	b = xcalloc(1, sizeof(*b));
	b->now = now;
	return b;
}

void brief_free(struct brief *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->accounts; i++)
		free(b->account[i].name);
	strs_free(&b->failing);
	free_all(b->account, b->told, b->counted, b);
}

void brief_failing(struct brief *b, const char *id)
{
	strs_add(&b->failing, id);
}

static bool has_failed(struct brief *b, const char *id)
{
	int order = 1;

	while (b->at < b->failing.n && (order = strcmp(b->failing.at[b->at], id)) < 0)
		b->at++;
	return b->at < b->failing.n && order == 0;
}

static struct account *account_of(struct brief *b, const char *name)
{
	for (size_t i = 0; i < b->accounts; i++)
		if (strcmp(b->account[i].name, name) == 0)
			return &b->account[i];
	b->account = xgrow(b->account, b->accounts, sizeof(*b->account));
	b->account[b->accounts] = (struct account){.name = xstrdup(name)};
	return &b->account[b->accounts++];
}

static bool is(const char *last, const char *id)
{
	return last && strcmp(last, id) == 0;
}

static void note(char **last, const char *id)
{
	free(*last);
	*last = xstrdup(id);
}

/* What left stands beside one of another key type that took its place: it is told where that is. */
bool brief_counts(struct brief *b, const struct brief_certificate *c)
{
	int64_t from = c->window > c->dates->from ? c->window : c->dates->from;
	int64_t day = (from - b->now) / DAY;
	bool ordinary =
	    c->dates->until && from > b->now && !c->look && !has_failed(b, c->id) && !is(b->told, c->id);

	if (c->gone ? is(b->counted, c->id) : !c->renews)
		return true;
	if (c->gone || !ordinary) {
		note(&b->told, c->id);
		return false;
	}
	account_of(b, c->ca)->n[day < DAYS ? day : DAYS]++;
	note(&b->counted, c->id);
	return true;
}

json_t *brief_rows(const struct brief *b)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < b->accounts; i++)
		for (int64_t day = 0; day <= DAYS; day++)
			if (b->account[i].n[day])
				json_array_append_new(rows, json_pack("[s, I, I]", b->account[i].name,
				                                      (json_int_t)b->now + day * DAY,
				                                      (json_int_t)b->account[i].n[day]));
	return rows;
}
