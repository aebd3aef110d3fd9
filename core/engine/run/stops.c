#include "engine/run/stops.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/journal/backoff.h"
#include "engine/peers/launcher.h"

struct stop_account {
	char *name;
	bool known;    /* looked up in the journal */
	bool rested;   /* an earlier run stopped it: one certificate goes first */
	bool works;    /* in this run */
	bool rests;    /* for this run */
	size_t flight; /* orders under way */
	unsigned row;  /* orders in a row that failed alike */
	char kind[64]; /* how */
	char *error;   /* the last of them */
	size_t untried;
};

struct stops {
	struct stop_account *at; /* sorted by name */
	size_t n;
	struct turn *turn;
	bool off;   /* not of `renew`: nothing rests */
	bool retry; /* what an earlier run found does not count */
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct stop_account *)a)->name, ((const struct stop_account *)b)->name);
}

struct stops *stops_new(const struct job *job, struct turn *turn)
{
	struct stops *s = xcalloc(1, sizeof(*s));

	s->turn = turn;
	s->off = !job->renew || job->dry_run;
	s->retry = job->retry;
	s->at = xcalloc(job->cas + job->dnss + 1, sizeof(*s->at));
	for (size_t i = 0; i < job->cas; i++)
		s->at[s->n++].name = xasprintf("ca %s", job->ca[i].account);
	for (size_t i = 0; i < job->dnss; i++)
		s->at[s->n++].name = xasprintf("dns %s", job->dns[i].account);
	qsort(s->at, s->n, sizeof(*s->at), by_name);
	return s;
}

void stops_free(struct stops *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		free_all(s->at[i].name, s->at[i].error);
	free(s->at);
	free(s);
}

static struct stop_account *stops_named(struct stops *s, const char *name)
{
	const struct stop_account key = {.name = (char *)name};
	struct stop_account *a = !s->off && s->n ? bsearch(&key, s->at, s->n, sizeof(*s->at), by_name) : NULL;

	if (a && !a->known) {
		a->known = true;
		a->rested = !s->retry && backoff_account_rested(s->turn, a->name);
	}
	return a;
}

static struct stop_account *stops_find(struct stops *s, const char *what, const char *account)
{
	char *name = xasprintf("%s %s", what, account);
	struct stop_account *a = stops_named(s, name);

	free(name);
	return a;
}

struct both {
	struct stop_account *at[2]; /* NULL: none */
};

static struct both accounts_of(struct stops *s, const struct job_cert *cert, const char *ca)
{
	return (struct both){
	    {stops_find(s, "ca", ca), cert->dns.n == 1 ? stops_find(s, "dns", cert->dns.at[0]) : NULL}};
}

/* As long as nothing is known of an account in this run, no more are under way than may fail alike. */
static enum stop account_judge(const struct stop_account *a)
{
	if (a->rests)
		return STOP_RESTS;
	if (a->works)
		return STOP_GO;
	return a->flight + a->row < (a->rested ? 1 : STOP_ROW) ? STOP_GO : STOP_WAIT;
}

enum stop stops_judge(struct stops *s, const struct job_cert *cert, const char *ca)
{
	struct both b = accounts_of(s, cert, ca);
	enum stop worst = STOP_GO;

	for (size_t i = 0; i < 2; i++) {
		enum stop one = b.at[i] ? account_judge(b.at[i]) : STOP_GO;
		if (one > worst)
			worst = one;
	}
	return worst;
}

void stops_take(struct stops *s, const struct job_cert *cert, const char *ca)
{
	struct both b = accounts_of(s, cert, ca);

	for (size_t i = 0; i < 2; i++)
		if (b.at[i])
			b.at[i]->flight++;
}

void stops_give(struct stops *s, const struct job_cert *cert, const char *ca)
{
	struct both b = accounts_of(s, cert, ca);

	for (size_t i = 0; i < 2; i++) {
		if (!b.at[i])
			continue;
		assert(b.at[i]->flight);
		b.at[i]->flight--;
	}
}

static void account_works(struct stops *s, struct stop_account *a)
{
	a->works = true;
	if (a->rested)
		backoff_account_works(s->turn, a->name);
	a->rested = false;
	a->row = 0;
}

/* An order that the CA opens says little of what follows, so that it ends no row and no rest of an earlier run. */
void stops_work(struct stops *s, const char *account)
{
	struct stop_account *a = stops_named(s, account);

	if (a && str_starts(account, "dns "))
		account_works(s, a);
	else if (a && !a->rested)
		a->works = true;
}

void stops_done(struct stops *s, const struct job_cert *cert, const char *ca)
{
	struct both b = accounts_of(s, cert, ca);

	for (size_t i = 0; i < 2; i++)
		if (b.at[i])
			account_works(s, b.at[i]);
}

void stops_failed(struct stops *s, const struct order_blame *blame, const char *error)
{
	struct stop_account *a = stops_named(s, blame->account);

	if (!a)
		return;
	a->row = strcmp(a->kind, blame->kind) == 0 ? a->row + 1 : 1;
	memcpy(a->kind, blame->kind, sizeof(a->kind));
	free(a->error);
	a->error = xstrdup(error ? error : "no reason is known");
	if (a->rests || (a->row < STOP_ROW && !a->rested))
		return;
	a->rests = true;
	backoff_account_rests(s->turn, a->name);
}

bool stops_rest(struct stops *s, const char *account)
{
	const struct stop_account *a = stops_named(s, account);

	return a && a->rests;
}

void stops_untried(struct stops *s, const struct job_cert *cert, const char *ca, const char *account)
{
	struct both b = accounts_of(s, cert, ca);
	struct stop_account *a = account                     ? stops_named(s, account)
	                         : b.at[1] && b.at[1]->rests ? b.at[1]
	                                                     : b.at[0];

	if (a)
		a->untried++;
}

void stops_tell(const struct stops *s, struct launcher *launcher)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct stop_account *a = &s->at[i];
		bool ca = str_starts(a->name, "ca ");

		if (!a->untried)
			continue;
		launcher_event(
		    launcher, EVENT_WARN, "stopped",
		    json_pack("{s:s, s:I}", ca ? "ca" : "dns", strchr(a->name, ' ') + 1, "untried",
		              (json_int_t)a->untried),
		    "%s account %s: %zu certificate%s not tried, since %s (%s); the next run tries one "
		    "first",
		    ca ? "CA" : "DNS", strchr(a->name, ' ') + 1, a->untried,
		    a->untried == 1 ? " was" : "s were",
		    a->rested ? "the one that was tried failed there again"
		              : "orders failed there alike, five in a row",
		    a->error);
	}
}
