#include "config.h"

#include "request.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/wire.h"
#include "credentials.h"

#define MS_STANDARD  30000
#define MS_MOST      (10 * 60 * 1000)
#define TTL_STANDARD 60
#define TTL_MOST     86400
#define CHANGES_MOST 1000

struct request {
	struct host *host;
	const json_t *line;
	const char *zone;
	const char *name; /* NULL in batch, perhaps in check */
	char *relative;
	unsigned ms;
	json_t *answer;
};

static const char *rc_word(enum dnsproof_rc rc)
{
	static const char *const words[] = {
	    [DNSPROOF_OK] = "ok",           [DNSPROOF_TEMP] = "temp",
	    [DNSPROOF_RATE] = "rate",       [DNSPROOF_CONFLICT] = "conflict",
	    [DNSPROOF_AUTH] = "auth",       [DNSPROOF_NOZONE] = "nozone",
	    [DNSPROOF_INVALID] = "invalid",
	};

	return words[rc];
}

const char *request_unit_word(enum dnsproof_unit unit)
{
	static const char *const words[] = {"record", "rrset", "zone"};

	return words[unit];
}

static void tell(json_t *answer, const char *rc, const char *message)
{
	json_object_set_new(answer, "rc", json_string(rc));
	if (message && *message)
		json_object_set_new(answer, "msg", json_string(message));
}

/* What came of HTTP says the provider and its host; the operator wants to know the zone, too. New string. */
static char *words_of(const struct request *r, const struct outcome *o)
{
	const struct dnsproof_provider *p = &r->host->session.provider;
	bool named = strstr(o->message, p->name), placed = !*r->zone || strstr(o->message, r->zone);

	if (o->rc == DNSPROOF_AUTH)
		return credentials_words(p, &r->host->given, r->zone, o->message);
	if (o->rc == DNSPROOF_OK || !*o->message || !p->uses_http)
		return xstrdup(o->message);
	return xasprintf("%s%s%s%s%s%s", named ? "" : p->name, named ? "" : ": ", o->message,
	                 placed ? "" : " (zone ", placed ? "" : r->zone, placed ? "" : ")");
}

static void tell_outcome(const struct request *r, json_t *answer, const struct outcome *o)
{
	char *words = words_of(r, o);

	tell(answer, rc_word(o->rc), o->rc == DNSPROOF_OK ? NULL : words);
	free(words);
	if (o->rc != DNSPROOF_OK && o->after_s)
		json_object_set_new(answer, "after", json_integer(o->after_s));
	if (o->rc != DNSPROOF_OK && o->written)
		json_object_set_new(answer, "written", json_string(o->written));
	if (o->show[0])
		json_object_set_new(answer, "show", json_string(o->show));
}

static void tell_handle(json_t *answer, const struct outcome *o, const struct dnsproof_txt *txt)
{
	json_t *handle = o->rc == DNSPROOF_OK && txt->handle[0] ? json_string(txt->handle) : NULL;

	if (handle)
		json_object_set_new(answer, "handle", handle);
}

static const char *text_member(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static unsigned ttl_of(const struct host *h, const json_t *object)
{
	const json_t *given = json_object_get(object, "ttl");
	json_int_t ttl = json_is_integer(given) ? json_integer_value(given) : TTL_STANDARD;
	unsigned least = h->session.provider.limits.least_ttl;

	if (ttl < 0 || ttl > TTL_MOST)
		ttl = TTL_MOST;
	return ttl < least ? least : (unsigned)ttl;
}

/* Fills txt from a request or a change; `relative` is the caller's to free. False: refused, told. */
static bool txt_fill(struct request *r, const json_t *from, struct dnsproof_txt *txt, char **relative,
                     json_t *answer)
{
	const struct policy *p = &r->host->policy;
	const char *name = text_member(from, "name"), *handle = text_member(from, "handle");
	const char *value = text_member(from, "value");
	struct err e;

	if (!policy_allows(p, r->zone, name, &e) || !policy_allows_value(p, value, &e)) {
		tell(answer, "refused", e.text);
		return false;
	}
	*relative = name_relative(name, r->zone);
	*txt = (struct dnsproof_txt){.zone = r->zone,
	                             .name = name,
	                             .relative = *relative,
	                             .value = value,
	                             .ttl = ttl_of(r->host, from)};
	if (strlen(handle) < sizeof(txt->handle))
		memcpy(txt->handle, handle, strlen(handle));
	return true;
}

/* Has what a write at `owner` replaces for this process; NULL: the zone. False: another has it, told. */
static bool scope_take(struct request *r, const char *owner, json_t *answer)
{
	const struct dnsproof_provider *p = &r->host->session.provider;
	bool by_zone = p->replaces == DNSPROOF_ZONE || p->batch;
	char *scope, *words;
	bool got;

	if (p->replaces == DNSPROOF_RECORD)
		return true;
	scope = xasprintf("%s\n%s\n%s", r->host->service, r->zone, by_zone ? "" : owner);
	got = scopes_take(&r->host->scopes, scope);
	free(scope);
	if (got)
		return true;
	scopes_drop(&r->host->scopes);
	words = xasprintf("another dnsproof process is writing to %s", by_zone ? r->zone : owner);
	tell(answer, "busy", words);
	free(words);
	return false;
}

static void do_add(struct request *r)
{
	struct dnsproof_txt txt;
	struct outcome o;

	if (!txt_fill(r, r->line, &txt, &r->relative, r->answer))
		return;
	txt.handle[0] = '\0';
	if (!scope_take(r, txt.name, r->answer))
		return;
	session_add(&r->host->session, &txt, r->ms, &o);
	scopes_drop(&r->host->scopes);
	tell_outcome(r, r->answer, &o);
	tell_handle(r->answer, &o, &txt);
}

static void do_del(struct request *r)
{
	struct dnsproof_txt txt;
	struct outcome o;

	if (!txt_fill(r, r->line, &txt, &r->relative, r->answer) || !scope_take(r, txt.name, r->answer))
		return;
	session_del(&r->host->session, &txt, r->ms, &o);
	scopes_drop(&r->host->scopes);
	tell_outcome(r, r->answer, &o);
}

static void do_live(struct request *r)
{
	struct dnsproof_txt txt;
	struct outcome o;
	bool live = false;

	if (!txt_fill(r, r->line, &txt, &r->relative, r->answer))
		return;
	session_live(&r->host->session, &txt, r->ms, &live, &o);
	tell_outcome(r, r->answer, &o);
	if (o.rc == DNSPROOF_OK)
		json_object_set_new(r->answer, "live", json_boolean(live));
}

static bool name_allowed(struct request *r)
{
	struct err e;

	if (policy_allows(&r->host->policy, r->zone, r->name, &e))
		return true;
	tell(r->answer, "refused", e.text);
	return false;
}

static void do_check(struct request *r)
{
	struct outcome o;

	if (!name_allowed(r))
		return;
	session_check(&r->host->session, r->zone, r->name, r->ms, &o);
	tell_outcome(r, r->answer, &o);
}

static void do_list(struct request *r)
{
	json_t *values = json_array();
	struct outcome o;

	r->name = r->name ? r->name : "";
	if (name_allowed(r)) {
		r->relative = name_relative(r->name, r->zone);
		session_list(&r->host->session, r->zone, r->name, r->relative, r->ms, values, &o);
		tell_outcome(r, r->answer, &o);
		if (o.rc == DNSPROOF_OK)
			json_object_set(r->answer, "values", values);
	}
	json_decref(values);
}

struct batch {
	struct dnsproof_change *change; /* the allowed ones */
	char **relative;
	json_t **answer; /* borrowed: where each is told */
	struct outcome *outcome;
	size_t n;
};

static void batch_gather(struct request *r, const json_t *changes, json_t *results, struct batch *b)
{
	size_t most = json_array_size(changes), i;
	json_t *from;

	b->change = xcalloc(most, sizeof(*b->change));
	b->relative = xcalloc(most, sizeof(*b->relative));
	b->answer = xcalloc(most, sizeof(json_t *));
	b->outcome = xcalloc(most, sizeof(*b->outcome));
	json_array_foreach(changes, i, from)
	{
		const char *op = text_member(from, "op");
		json_t *answer = json_object();

		json_array_append_new(results, answer);
		if (strcmp(op, "add") != 0 && strcmp(op, "del") != 0) {
			tell(answer, "invalid", "op of a change must be add or del");
			continue;
		}
		if (!txt_fill(r, from, &b->change[b->n].txt, &b->relative[b->n], answer))
			continue;
		b->change[b->n].del = !strcmp(op, "del");
		if (!b->change[b->n].del)
			b->change[b->n].txt.handle[0] = '\0';
		b->answer[b->n++] = answer;
	}
}

static void batch_free(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		free(b->relative[i]);
	free(b->change);
	free(b->relative);
	free(b->answer);
	free(b->outcome);
}

static bool batch_scopes_take(struct request *r, const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (!scope_take(r, b->change[i].txt.name, r->answer))
			return false;
	return true;
}

static void batch_run(struct request *r, struct batch *b)
{
	session_batch(&r->host->session, r->zone, b->change, b->n, r->ms, b->outcome);
	scopes_drop(&r->host->scopes);
	for (size_t i = 0; i < b->n; i++) {
		tell_outcome(r, b->answer[i], &b->outcome[i]);
		if (!b->change[i].del)
			tell_handle(b->answer[i], &b->outcome[i], &b->change[i].txt);
	}
}

static void do_batch(struct request *r)
{
	const json_t *changes = json_object_get(r->line, "changes");
	json_t *results;
	struct batch b = {0};

	if (!json_is_array(changes) || json_array_size(changes) == 0 ||
	    json_array_size(changes) > CHANGES_MOST) {
		tell(r->answer, "invalid", "batch without an array of 1 to 1000 changes");
		return;
	}
	results = json_array();
	batch_gather(r, changes, results, &b);
	if (batch_scopes_take(r, &b)) {
		if (b.n)
			batch_run(r, &b);
		tell(r->answer, "ok", NULL);
		json_object_set(r->answer, "results", results);
	}
	batch_free(&b);
	json_decref(results);
}

static const struct {
	const char *word;
	void (*run)(struct request *r);
} ops[] = {
    {"add", do_add},   {"del", do_del},     {"check", do_check},
    {"list", do_list}, {"batch", do_batch}, {"live", do_live},
};

static void request_run(struct request *r)
{
	const char *op = text_member(r->line, "op");

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (!strcmp(op, ops[i].word)) {
			ops[i].run(r);
			return;
		}
	tell(r->answer, "invalid", "op is none of add, del, check, list, batch, live");
}

/* How many HTTP requests the service has seen for it. */
static void tell_requests(json_t *answer)
{
	unsigned n;

	if (session_requests(&n))
		json_object_set_new(answer, "requests", json_integer(n));
}

json_t *request_answer(struct host *h, const json_t *line)
{
	const json_t *id = json_object_get(line, "id"), *ms = json_object_get(line, "ms");
	json_int_t left = json_is_integer(ms) ? json_integer_value(ms) : MS_STANDARD;
	struct request r = {.host = h, .line = line, .zone = text_member(line, "zone")};

	r.name = json_string_value(json_object_get(line, "name"));
	r.ms = left < 0 ? 0 : left > MS_MOST ? MS_MOST : (unsigned)left;
	r.answer = json_object();
	json_object_set_new(r.answer, "id", json_integer(json_integer_value(id)));
	if (!json_is_integer(id))
		tell(r.answer, "invalid", "a request needs an integer id");
	else
		request_run(&r);
	tell_requests(r.answer);
	free(r.relative);
	return r.answer;
}

json_t *request_ops(const struct dnsproof_provider *p)
{
	json_t *list = json_pack("[s,s]", "add", "del");

	if (p->check)
		json_array_append_new(list, json_string("check"));
	if (p->list)
		json_array_append_new(list, json_string("list"));
	if (p->batch)
		json_array_append_new(list, json_string("batch"));
	if (p->live)
		json_array_append_new(list, json_string("live"));
	return list;
}

json_t *request_limits(const struct dnsproof_provider *p)
{
	const struct dnsproof_limits *l = &p->limits;
	json_int_t parallel = l->most_parallel ? l->most_parallel : 1;

	return json_pack("{s:I,s:I,s:I,s:I,s:I}", "least_ttl", (json_int_t)l->least_ttl,
	                 "requests_per_minute", (json_int_t)l->requests_per_minute, "settle_ms",
	                 (json_int_t)l->settle_ms, "most_parallel", parallel, "most_values",
	                 (json_int_t)l->most_values);
}

json_t *request_hello(const struct host *h)
{
	const struct dnsproof_provider *p = &h->session.provider;

	json_t *hello =
	    json_pack("{s:i,s:s,s:s,s:s,s:i,s:s,s:b,s:o,s:o}", "protocol", WIRE_PROTOCOL, "program",
	              "dnsproof-provider " PACKAGE_VERSION, "account", h->policy.account, "provider", p->name,
	              "abi", DNSPROOF_PROVIDER_ABI, "replaces", request_unit_word(p->replaces), "cas",
	              p->compare_and_swap != 0, "ops", request_ops(p), "limits", request_limits(p));
	if (p->flags & DNSPROOF_STARTS_PROGRAMS)
		json_object_set_new(hello, "programs", json_true());
	if (p->flags & DNSPROOF_VERIFIES_DEL)
		json_object_set_new(hello, "verifies_del", json_true());
	return hello;
}
