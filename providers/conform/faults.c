#include "config.h"

#include "rules.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/mem.h"
#include "world.h"

#define REQUESTS_MOST 12 /* of one call */
#define AFTER         7  /* what the fakes say in Retry-After */
#define HANG_MS       300
#define HANG_SLACK_MS 2500
#define WORDS         "quince jam number 42"

/* A fault and the results that are right, besides ok when the change was really made. */
struct fault {
	const char *kind;
	const char *results; /* separated by commas */
	bool told;           /* the answer has the provider's words */
};

static const struct fault faults[] = {
    {"401", "auth", true},
    {"403", "auth", true},
    {"404", "nozone,conflict,temp,invalid", true},
    {"409", "conflict,temp", true},
    {"422", "invalid", true},
    {"429", "rate", true},
    {"500", "temp", true},
    {"html", "temp,invalid", false},
    {"quota", "invalid,rate,temp,auth", true},
    {"lost", "temp,conflict", false},
    {"cut", "temp", false},
    {"types", "temp,invalid,nozone,conflict", false},
    {"hollow", "temp,invalid,nozone,conflict", false},
};

#define FAULTS (sizeof(faults) / sizeof(*faults))

static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = list; *at; at += strcspn(at, ","), at += strspn(at, ","))
		if (strcspn(at, ",") == n && !strncmp(at, word, n))
			return true;
	return false;
}

bool conform_faults_known(const char *kinds)
{
	for (const char *at = kinds; *at; at += strcspn(at, ","), at += strspn(at, ",")) {
		size_t n = strcspn(at, ","), i = 0;

		while (i < FAULTS && (strlen(faults[i].kind) != n || strncmp(faults[i].kind, at, n) != 0))
			i++;
		if (i == FAULTS)
			return false;
	}
	return true;
}

static bool has_text(const char *text, const char *part)
{
	size_t n = strlen(part);

	for (; *text; text++) {
		size_t i = 0;

		while (i < n && tolower((unsigned char)text[i]) == tolower((unsigned char)part[i]))
			i++;
		if (i == n)
			return true;
	}
	return n == 0;
}

static void want_message(struct kit *k, const struct fault *f, const struct world_fault *now,
                         const struct said *said, const char *where)
{
	char status[16];

	snprintf(status, sizeof(status), "%d", now->status);
	kit_want(k, has_text(said->msg, k->c->provider), "%s: the message does not name the provider: %s",
	         where, said->msg);
	kit_want(k, has_text(said->msg, k->c->zone), "%s: the message does not name the zone: %s", where,
	         said->msg);
	if (!strcmp(f->kind, "404") && !said_is(said, "temp") && !said_is(said, "invalid"))
		return; /* "there is no such zone" and the like are better words */
	if (f->told && now->status >= 300)
		kit_want(k, strstr(said->msg, status), "%s: the message does not name HTTP status %s: %s",
		         where, status, said->msg);
	if (f->told)
		kit_want(k, strstr(said->msg, WORDS),
		         "%s: the message lacks the provider's words '" WORDS "': %s", where, said->msg);
}

static void judge(struct kit *k, const struct fault *f, const struct world_fault *now,
                  const struct said *said, bool done, const char *where)
{
	bool right = has_word(f->results, said->rc) || conform_case_permits(k->c, f->kind, said->rc);

	if (said_is(said, "ok")) {
		kit_want(k, done || right, "%s: it says ok, but the change was not made", where);
		return;
	}
	kit_want(k, right, "%s: wanted %s, got %s: %s", where, f->results, said->rc, said->msg);
	if (!right)
		return;
	want_message(k, f, now, said, where);
	if (said_is(said, "rate") && !strcmp(f->kind, "429") && now->status == 429)
		kit_want(k, said->after == AFTER, "%s: Retry-After was %d, it says after %d", where, AFTER,
		         said->after);
}

static bool fault_off(struct kit *k)
{
	struct err e;

	return kit_want(k, world_fault_set(k->c, "none", 1, "", &e), "%s", e.text);
}

/* What the call was under the fault, and that it can be made after it. */
static void fault_look(struct kit *k, const struct fault *f, const char *op, struct served *s,
                       const struct world_fault *now, const struct said *said)
{
	int want = !strcmp(op, "del") && !conform_case_lacks(k->c, "delete") ? 0 : 1;
	char where[400];

	snprintf(where, sizeof(where), "%s at %s of %s", f->kind, now->request, op);
	judge(k, f, now, said, kit_count(k, NULL, NULL, KIT_VALUE_1) == want, where);
	kit_want_others(k, where);
	snprintf(where, sizeof(where), "%s again after %s at %s", op, f->kind, now->request);
	if (fault_off(k) && kit_until_ok(k, s, op, KIT_VALUE_1, where)) {
		kit_want_count(k, KIT_VALUE_1, want, where);
		kit_want_others(k, where);
	}
}

/* The fault at the at-th request of one call. False when there was no such request. */
static bool fault_once(struct kit *k, const struct fault *f, const char *op, unsigned at, struct served *s)
{
	struct world_fault now = {.left = 1};
	struct said said;
	struct err e;

	if (!kit_begin(k, true))
		return false;
	if (!strcmp(op, "del") &&
	    !kit_want(k, world_plant(k->c, k->c->zone, k->c->name, KIT_VALUE_1, &e), "%s", e.text))
		return false;
	if (!kit_want(k, world_fault_set(k->c, f->kind, at, WORDS, &e), "%s", e.text))
		return false;
	kit_call(k, s, op, KIT_VALUE_1, NULL, &said);
	if (kit_want(k, world_fault_get(k->c, &now, &e), "%s", e.text) && now.hit)
		fault_look(k, f, op, s, &now, &said);
	k->replaced = now.hit ? NULL : k->replaced;
	return now.left <= 0;
}

/* Requests of a host's first call that its second does without: a login, the zone's id. */
static unsigned cold_requests(struct kit *k)
{
	struct served s;
	struct said said;
	struct err e;
	int n[2] = {0};

	if (k->cold >= 0 || !kit_host(k, &s))
		return k->cold < 0 ? 0 : (unsigned)k->cold;
	for (int i = 0; i < 2 && kit_begin(k, true); i++) {
		kit_call(k, &s, "add", KIT_VALUE_1, NULL, &said);
		kit_want(k, world_requests(k->c, &n[i], &e), "%s", e.text);
	}
	served_stop(&s);
	k->cold = n[0] > n[1] ? n[0] - n[1] : 0;
	return (unsigned)k->cold;
}

/* The host that these rules share, which has made a call; one that is dead is replaced. False (and told) when it does not start. */
static bool shared_host(struct kit *k)
{
	struct said said;

	if (k->shared.pid > 0 && !json_object_get(k->shared.answer, "died"))
		return true;
	served_stop(&k->shared);
	if (!kit_host(k, &k->shared))
		return false;
	kit_call(k, &k->shared, "add", KIT_VALUE_1, NULL, &said);
	return true;
}

/* At the requests that only the first call of a process makes. */
static void fault_cold(struct kit *k, const struct fault *f)
{
	bool wanted = !k->cold_kinds || has_word(k->cold_kinds, f->kind);
	unsigned cold = wanted ? cold_requests(k) : 0;
	struct served s;

	for (unsigned at = 1; at <= cold && !k->rule_failed; at++) {
		if (!kit_begin(k, false) || !kit_host(k, &s))
			return;
		fault_once(k, f, "add", at, &s);
		served_stop(&s);
	}
}

/* At each request of the call. */
static void fault_everywhere(struct kit *k, const char *kind, bool del)
{
	unsigned at = 1;
	size_t i = 0;

	while (strcmp(faults[i].kind, kind) != 0)
		i++;
	k->replaced = "no request that it can hit";
	if (!del)
		fault_cold(k, &faults[i]);
	while (at <= REQUESTS_MOST && shared_host(k) &&
	       fault_once(k, &faults[i], del ? "del" : "add", at, &k->shared))
		at++;
	if (k->rule_failed)
		k->replaced = NULL;
}

#define FAULT(name, kind, del)                                                                               \
	static void name(struct kit *k)                                                                      \
	{                                                                                                    \
		fault_everywhere(k, kind, del);                                                              \
	}

FAULT(add_401, "401", false)
FAULT(add_403, "403", false)
FAULT(add_404, "404", false)
FAULT(add_409, "409", false)
FAULT(add_422, "422", false)
FAULT(add_429, "429", false)
FAULT(add_500, "500", false)
FAULT(add_html, "html", false)
FAULT(add_quota, "quota", false)
FAULT(add_lost, "lost", false)
FAULT(add_cut, "cut", false)
FAULT(add_types, "types", false)
FAULT(add_hollow, "hollow", false)
FAULT(del_401, "401", true)
FAULT(del_429, "429", true)
FAULT(del_500, "500", true)
FAULT(del_html, "html", true)
FAULT(del_lost, "lost", true)
FAULT(del_cut, "cut", true)
FAULT(del_types, "types", true)
FAULT(del_hollow, "hollow", true)

static void hang(struct kit *k)
{
	struct question q = {"add", k->c->zone, k->c->name, KIT_VALUE_1, NULL, NULL, HANG_MS};
	struct served s;
	struct said said;
	struct err e;
	uint64_t began;

	if (!kit_want(k, world_fault_set(k->c, "hang", 1, "", &e), "%s", e.text) || !kit_host(k, &s))
		return;
	began = clock_ms();
	served_ask(&s, &q);
	served_hear(&s, &q, &said);
	kit_want(k, said_is(&said, "temp") || said_is(&said, "died"),
	         "no answer from the API: wanted temp, got %s: %s", said.rc, said.msg);
	kit_want(k, clock_ms() - began < HANG_MS + HANG_SLACK_MS,
	         "no answer from the API: the call of %d ms took %llu", HANG_MS,
	         (unsigned long long)(clock_ms() - began));
	fault_off(k);
	served_stop(&s);
	kit_want_others(k, "after no answer");
}

/* The API's words hold the secret: they are shown, it is not. That nothing else shows it is looked at in the end. */
static void secret_in_words(struct kit *k)
{
	struct served s;
	struct said said;
	struct err e;

	if (!k->secrets.n) {
		kit_replaced(k, "it has no secrets");
		return;
	}
	for (size_t i = 0; i < k->secrets.n; i++) {
		char *words = xasprintf(WORDS " %s and %s", k->secrets.at[i], k->secrets.at[i]);

		if (!kit_want(k, world_fault_set(k->c, "403", 1, words, &e), "%s", e.text) ||
		    !kit_host(k, &s)) {
			free(words);
			return;
		}
		kit_call(k, &s, "add", KIT_VALUE_1, NULL, &said);
		kit_want(k, !strstr(said.msg, k->secrets.at[i]), "the message shows a secret");
		kit_want(k, strstr(said.msg, WORDS), "the message lacks the provider's words: %s", said.msg);
		served_stop(&s);
		free(words);
	}
}

static void pages(struct kit *k)
{
	struct said said;
	struct err e;

	if (!kit_shares_names(k)) {
		kit_replaced(k, "others cannot be at the name");
		return;
	}
	if (!kit_want(k, world_mode(k->c, "fill=1", &e), "%s", e.text) || !kit_look_again(k))
		return;
	kit_call_elsewhere(k, "add", KIT_VALUE_1, &said);
	kit_want_rc(k, &said, "ok", "add with more than a page");
	kit_call_elsewhere(k, "add", KIT_VALUE_1, &said);
	kit_want_rc(k, &said, "ok", "add again with more than a page");
	kit_want_count(k, KIT_VALUE_1, 1, "with more than a page");
	kit_want_others(k, "with more than a page");
	kit_call_elsewhere(k, "del", KIT_VALUE_1, &said);
	kit_want_rc(k, &said, "ok", "del without the handle with more than a page");
	kit_want_count(k, KIT_VALUE_1, conform_case_lacks(k->c, "delete") ? 1 : 0,
	               "after del without the handle with more than a page");
	kit_want_others(k, "after del with more than a page");
}

/* Put until it is there, as the core does when a value is not to be seen. */
static bool put_until_there(struct kit *k, struct served *s, const char *value)
{
	for (int i = 0; i < KIT_TRIES; i++) {
		if (!kit_until_ok(k, s, "add", value, "add while reads are late"))
			return false;
		if (kit_count(k, NULL, NULL, value) > 0)
			return true;
	}
	return kit_want(k, false, "%s does not stay while reads are late", value);
}

static void late_reads(struct kit *k)
{
	struct served s;
	struct err e;

	if (k->most_values == 1) {
		kit_replaced(k, "one value at a name");
		return;
	}
	if (!kit_want(k, world_mode(k->c, "lag=1", &e), "%s", e.text) || !kit_host(k, &s))
		return;
	if (put_until_there(k, &s, KIT_VALUE_1) && put_until_there(k, &s, KIT_VALUE_2) &&
	    put_until_there(k, &s, KIT_VALUE_1)) {
		kit_want_others(k, "add while reads are late");
		for (int i = 0; i < KIT_TRIES && kit_count(k, NULL, NULL, KIT_VALUE_1) > 0; i++)
			kit_until_ok(k, &s, "del", KIT_VALUE_1, "del while reads are late");
		kit_want_count(k, KIT_VALUE_1, conform_case_lacks(k->c, "delete") ? 1 : 0,
		               "del while reads are late, repeated");
		kit_want_others(k, "del while reads are late");
	}
	served_stop(&s);
}

const struct rule conform_faults[] = {
    {"HTTP 401 at each request of add", add_401, "faults", true},
    {"HTTP 403 at each request of add", add_403, "faults", true},
    {"HTTP 404 at each request of add", add_404, "faults", true},
    {"HTTP 409 at each request of add", add_409, "faults", true},
    {"HTTP 422 at each request of add", add_422, "faults", true},
    {"HTTP 429 with Retry-After at each request of add", add_429, "faults", true},
    {"HTTP 500 at each request of add", add_500, "faults", true},
    {"a page of HTML at each request of add", add_html, "faults", true},
    {"quota full at add", add_quota, "faults", true},
    {"no answer after add was done", add_lost, "faults", true},
    {"half an answer at each request of add", add_cut, "faults", true},
    {"wrong JSON types at each request of add", add_types, "faults", true},
    {"an empty JSON object at each request of add", add_hollow, "faults", true},
    {"HTTP 401 at each request of del", del_401, "faults", true},
    {"HTTP 429 at each request of del", del_429, "faults", true},
    {"HTTP 500 at each request of del", del_500, "faults", true},
    {"a page of HTML at each request of del", del_html, "faults", true},
    {"no answer after del was done", del_lost, "faults", true},
    {"half an answer at each request of del", del_cut, "faults", true},
    {"wrong JSON types at each request of del", del_types, "faults", true},
    {"an empty JSON object at each request of del", del_hollow, "faults", true},
    {"no answer at all: temp in time", hang, "faults", true},
    {"secrets in the API's words are masked", secret_in_words, "faults", true},
    {"more zones and records than a page has", pages, NULL, true},
    {"reads that are late", late_reads, NULL, true},
    {0},
};
