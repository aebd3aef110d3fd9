#include "engine/run/advice.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/fnv.h"
#include "common/lifetime.h"
#include "common/mem.h"
#include "engine/acme/ca_account.h"
#include "engine/acme/renewal_question.h"
#include "engine/journal/ca_waits.h"
#include "engine/order/resolution.h"
#include "engine/run/parts.h"

#define HOUR       3600
#define DAY        (24 * (int64_t)HOUR)
#define SOON_S     (10 * DAY)
#define NONE_S     DAY /* a CA that has no advice is asked whether it has */
#define MOST       500 /* questions of a run ... */
#define MOST_PART  8   /* ... but that part of the certificates, so that runs each hour come round in time */
#define AHEAD_MOST (2 * DAY)

struct advice {
	struct advice_row row;
	char *cert_id; /* NULL: the certificate has none */
	int64_t since, until;
	bool known; /* the row is of this certificate */
	json_t *current;
	char *ca; /* account that is asked */
	struct renewal_question *question;
	advice_fn *advised;
};

static int64_t advice_now(const struct run_key *k)
{
	return loop_wall(k->cert->run->e->loop);
}

static void advice_event(const struct run_key *k, enum event_level level, const char *text)
{
	launcher_event(k->cert->run->e->launcher, level, "advice",
	               json_pack("{s:s}", "cert", k->cert->cert->id), "%s: %s", k->cert->cert->id, text);
}

static struct advice *advice_make(struct run_key *k, const json_t *current)
{
	const json_t *facts = key_facts(k, current);
	const char *id = json_string_value(json_object_get(facts, "ari"));
	struct advice *a;

	advice_stop(k);
	a = k->advice = xcalloc(1, sizeof(*a));
	a->since = json_integer_value(json_object_get(facts, "not_before"));
	a->until = json_integer_value(json_object_get(facts, "not_after"));
	if (!id || !renewal_id_valid(id))
		return a;
	a->cert_id = xstrdup(id);
	a->known = advice_row_read(k->cert->run->e->turn, k->cert->cert->id, key_place(k), id, &a->row);
	return a;
}

struct due_when advice_when(struct run_key *k, const json_t *current)
{
	const struct job *job = k->cert->run->e->job;
	const struct advice *a = advice_make(k, current);

	return (struct due_when){
	    .now = advice_now(k),
	    .seed = lifetime_seed(job->machine ? job->machine : "", k->cert->cert->id, NULL),
	    .advice = a->known ? &a->row : NULL,
	    .early = k->cert->early,
	    .open = job_openings(job, k->cert->cert),
	};
}

/* The first of the certificate's own moments, one a period, that is not before `from`. */
static int64_t own_moment(const struct run_key *k, int64_t from, int64_t period)
{
	int64_t phase = lifetime_share(lifetime_seed("advice", k->cert->cert->id, NULL), period);
	int64_t past = (from - phase) % period;

	return past ? from - past + period : from;
}

static int64_t advice_period(const struct advice *a, int64_t now)
{
	return a->until - now < SOON_S ? 6 * HOUR : 12 * HOUR;
}

static bool advice_is_wanted(const struct run_key *k, int64_t now)
{
	const struct advice *a = k->advice;
	const struct run *r = k->cert->run;
	size_t part = (r->e->job->listed > r->certs ? r->e->job->listed : r->certs) / MOST_PART;

	if (!r->e->job->renew || r->winding_down || k->asked || !a->cert_id || now >= a->until ||
	    r->questions >= (part > MOST ? part : MOST))
		return false;
	if (!a->known)
		return r->e->job->named || now >= advice_ask_next(k);
	return now >= a->row.ask_after || a->row.ask_after - now > AHEAD_MOST; /* a clock that was set back */
}

int64_t advice_ask_next(const struct run_key *k)
{
	const struct advice *a = k->advice;

	if (!a->cert_id)
		return INT64_MAX;
	return a->known ? a->row.ask_after : own_moment(k, a->since, advice_period(a, advice_now(k)));
}

/* The account at the CA that issued the certificate; NULL when none is remembered. */
static const struct job_ca *issuing_ca(const struct run_key *k, const json_t *current)
{
	const char *directory = json_string_value(json_object_get(key_facts(k, current), "directory"));
	const struct job *job = k->cert->run->e->job;
	const struct job_ca *own = job_ca(job, k->cert->cert->ca);

	if (!directory || (own && strcmp(own->directory, directory) == 0))
		return directory ? own : NULL;
	for (size_t i = 0; i < job->cas; i++)
		if (strcmp(job->ca[i].directory, directory) == 0)
			return &job->ca[i];
	return NULL;
}

static void advice_store(const struct run_key *k)
{
	const struct advice *a = k->advice;

	advice_row_store(k->cert->run->e->turn, k->cert->cert->id, key_place(k), a->cert_id, &a->row);
}

/* The moment is chosen once for a window: by machine and certificate, so that the next run, and one whose state was
 * lost, choose the same. */
static void advice_choose(struct run_key *k, const struct renewal_window *w)
{
	struct advice *a = k->advice;
	const char *machine = k->cert->run->e->job->machine;
	char window[64];

	if (w->start == a->row.start && w->end == a->row.end && a->row.chosen)
		return;
	snprintf(window, sizeof(window), "%" PRId64 " %" PRId64, w->start, w->end);
	a->row.start = w->start;
	a->row.end = w->end;
	a->row.chosen = w->start + lifetime_share(lifetime_seed(machine ? machine : "", a->cert_id, window),
	                                          w->end - w->start + 1);
}

static void advice_explain(struct run_key *k, const char *url)
{
	struct advice_row *row = &k->advice->row;
	uint64_t hash = url ? fnv64(url) : 0;
	struct err text;

	if (url && hash != row->explained) {
		err_set(&text, "the CA explains when it suggests to renew it: %.300s", url);
		advice_event(k, EVENT_INFO, text.text);
	}
	row->explained = hash;
}

static void advice_failed(struct run_key *k, const struct renewal_answer *answer)
{
	struct advice *a = k->advice;
	struct err text;

	if (answer->unreached && !strs_has(&k->cert->run->deaf, a->ca))
		strs_add(&k->cert->run->deaf, a->ca);
	a->row.failed = true;
	err_set(&text, "the CA does not say when to renew it: %.600s", answer->error);
	advice_event(k, EVENT_DEBUG, text.text);
}

static void advice_plan_next(struct run_key *k, const struct renewal_answer *answer)
{
	struct advice *a = k->advice;
	int64_t now = advice_now(k), period = advice_period(a, now), least = renewal_ask_after_s(0);

	if (answer->none)
		least = NONE_S;
	else if (answer->retry_after_ms &&
	         (answer->window || renewal_ask_after_s(answer->retry_after_ms) > least))
		least = renewal_ask_after_s(answer->retry_after_ms);
	a->row.ask_after = now + least;
	if (answer->window && own_moment(k, now + period / 2, period) > a->row.ask_after)
		a->row.ask_after = own_moment(k, now + period / 2, period);
}

static void advice_came(void *arg, const struct renewal_answer *answer)
{
	struct run_key *k = arg;
	struct advice *a = k->advice;
	json_t *current = a->current;

	a->question = NULL;
	a->current = NULL;
	a->row.failed = false;
	if (answer->window) {
		advice_choose(k, answer->window);
		advice_explain(k, answer->window->explanation);
	} else if (answer->none) {
		a->row.start = a->row.end = a->row.chosen = 0;
	} else {
		advice_failed(k, answer);
	}
	advice_plan_next(k, answer);
	advice_store(k);
	a->advised(k, current);
	json_decref(current);
}

bool advice_ask(struct run_key *k, const json_t *current, const struct due_dates *dates, advice_fn *advised)
{
	struct world *e = k->cert->run->e;
	struct advice *a = k->advice;
	const struct job_ca *ca = advice_is_wanted(k, advice_now(k)) ? issuing_ca(k, current) : NULL;
	struct resolution *how;
	struct ca_account *account;
	struct err err;

	if (!ca || strs_has(&k->cert->run->deaf, ca->account))
		return false;
	how = world_resolution(e, &k->cert->cert->servers, &k->cert->cert->resolvers, &err);
	account = how ? world_ca_account(e, ca->account, how->lookup, &err) : NULL;
	if (!account || acme_later_ms(ca_account_acme(account), ABOUT_ADVICE))
		return false;
	k->asked = true;
	k->cert->run->questions++;
	a->ca = xstrdup(ca->account);
	a->current = json_deep_copy(current);
	a->advised = advised;
	a->question = renewal_ask(ca_account_acme(account), a->cert_id, dates->until, advice_came, k);
	return true;
}

bool advice_is_asked(const struct run_key *k)
{
	return k->advice && k->advice->question;
}

void advice_stop(struct run_key *k)
{
	struct advice *a = k->advice;

	if (!a)
		return;
	renewal_cancel(a->question);
	json_decref(a->current);
	free_all(a->cert_id, a->ca, a);
	k->advice = NULL;
}

void advice_heed(struct run_key *k)
{
	struct advice *a = k->advice;

	if (!a || !a->known)
		return;
	a->row.heeded = true;
	a->row.heeded_at = advice_now(k);
	advice_store(k);
}
