#include "config.h"

#include "rules.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "world.h"

static bool one_value(struct kit *k)
{
	if (k->most_values == 1)
		kit_replaced(k, "one value at a name");
	return k->most_values == 1;
}

static bool keeps_all(const struct kit *k)
{
	return conform_case_lacks(k->c, "delete") != NULL;
}

/* How many are there after a del. */
static int rest(const struct kit *k)
{
	return keeps_all(k) ? 1 : 0;
}

static void add_twice(struct kit *k)
{
	struct served s;
	struct said said;

	if (!kit_host(k, &s))
		return;
	kit_call(k, &s, "add", KIT_VALUE_1, NULL, &said);
	kit_want_rc(k, &said, "ok", "add");
	kit_want_count(k, KIT_VALUE_1, 1, "after add");
	kit_want_others(k, "after add");
	kit_call(k, &s, "add", KIT_VALUE_1, NULL, &said);
	kit_want_rc(k, &said, "ok", "add of a value that is there");
	kit_want_count(k, KIT_VALUE_1, 1, "after the second add");
	kit_call_elsewhere(k, "add", KIT_VALUE_1, &said);
	kit_want_rc(k, &said, "ok", "add of a value that is there, by another process");
	kit_want_count(k, KIT_VALUE_1, 1, "after an add by another process");
	kit_want_others(k, "after all");
	served_stop(&s);
}

static void add_second(struct kit *k)
{
	int first = one_value(k) ? 0 : 1;
	struct served s;
	struct said said;

	if (!kit_host(k, &s))
		return;
	kit_call(k, &s, "add", KIT_VALUE_1, NULL, &said);
	kit_want_rc(k, &said, "ok", "add");
	kit_call(k, &s, "add", KIT_VALUE_2, NULL, &said);
	kit_want_rc(k, &said, "ok", "add of a second value");
	kit_want_count(k, KIT_VALUE_1, first,
	               "after a second value (which differs by the case of one letter)");
	kit_want_count(k, KIT_VALUE_2, 1, "after a second value");
	kit_want_others(k, "after a second value");
	served_stop(&s);
}

static void del_by_handle(struct kit *k)
{
	struct served s;
	struct said one, said;

	if (!kit_host(k, &s))
		return;
	kit_call(k, &s, "add", KIT_VALUE_1, NULL, &one);
	if (!one_value(k))
		kit_call(k, &s, "add", KIT_VALUE_2, NULL, &said);
	kit_call(k, &s, "del", KIT_VALUE_1, one.handle, &said);
	kit_want_rc(k, &said, "ok", "del");
	kit_want_count(k, KIT_VALUE_1, rest(k), "after del");
	if (!one_value(k))
		kit_want_count(k, KIT_VALUE_2, 1, "after del of the other value");
	kit_want_others(k, "after del");
	kit_call(k, &s, "del", KIT_VALUE_1, one.handle, &said);
	kit_want_rc(k, &said, "ok", "del of a value that is gone");
	kit_call_elsewhere(k, "del", KIT_VALUE_1, &said);
	kit_want_rc(k, &said, "ok", "del of a value that is gone, by another process");
	kit_want_others(k, "after del of a value that is gone");
	served_stop(&s);
}

static void del_without_handle(struct kit *k)
{
	struct said said;

	kit_call_elsewhere(k, "add", KIT_VALUE_1, &said);
	if (!one_value(k))
		kit_call_elsewhere(k, "add", KIT_VALUE_2, &said);
	kit_call_elsewhere(k, "del", one_value(k) ? KIT_VALUE_1 : KIT_VALUE_2, &said);
	kit_want_rc(k, &said, "ok", "del without the handle");
	if (!one_value(k)) {
		kit_want_count(k, KIT_VALUE_2, rest(k), "after del without the handle");
		kit_want_count(k, KIT_VALUE_1, 1, "after del of the other value");
		kit_call_elsewhere(k, "del", KIT_VALUE_1, &said);
	}
	kit_want_count(k, KIT_VALUE_1, rest(k), "after del without the handle");
	kit_want_others(k, "after del without the handle");
}

/* The record was taken away and put again meanwhile, so its id is another. */
static void del_by_old_handle(struct kit *k)
{
	struct served s;
	struct said one, said;

	if (!kit_host(k, &s))
		return;
	kit_call(k, &s, "add", KIT_VALUE_1, NULL, &one);
	kit_call_elsewhere(k, "del", KIT_VALUE_1, &said);
	kit_call_elsewhere(k, "add", KIT_VALUE_1, &said);
	kit_call(k, &s, "del", KIT_VALUE_1, one.handle, &said);
	kit_want_rc(k, &said, "ok", "del with the handle of an earlier add");
	kit_want_count(k, KIT_VALUE_1, rest(k), "after del with the handle of an earlier add");
	kit_want_others(k, "after del with the handle of an earlier add");
	served_stop(&s);
}

/* Sorted "zone name TXT value" lines of the name. */
static void lines_at_name(struct kit *k, const struct strs *all, struct strs *out)
{
	char *head = xasprintf("%s %s TXT ", k->c->zone, k->c->name);

	for (size_t i = 0; i < all->n; i++)
		if (str_starts(all->at[i], head))
			strs_add(out, all->at[i] + strlen(head));
	free(head);
}

static void want_listed(struct kit *k, const struct said *said)
{
	struct strs all = {0}, there = {0}, told = {0};
	const json_t *values = json_object_get(said->answer, "values");
	struct err e;
	json_t *value;
	size_t i;
	char *a, *b;

	json_array_foreach((json_t *)values, i, value) strs_add(&told, json_string_value(value));
	if (world_can_see(k->c) && world_dump(k->c, &all, &e)) {
		lines_at_name(k, &all, &there);
		strs_sort(&there);
		strs_sort(&told);
		a = strs_join(&there, " | ");
		b = strs_join(&told, " | ");
		kit_want(k, !strcmp(a, b), "list says [%s], but there are [%s]", b, a);
		free(a);
		free(b);
	} else {
		kit_want(k, strs_has(&told, KIT_VALUE_1), "list does not show the value that was added");
	}
	strs_free(&all);
	strs_free(&there);
	strs_free(&told);
}

static void list_agrees(struct kit *k)
{
	struct served s;
	struct said said;

	if (!k->can_list) {
		kit_replaced(k, "it cannot list");
		return;
	}
	if (!kit_host(k, &s))
		return;
	kit_call(k, &s, "add", KIT_VALUE_1, NULL, &said);
	kit_call(k, &s, "list", NULL, NULL, &said);
	if (kit_want_rc(k, &said, "ok", "list"))
		want_listed(k, &said);
	served_stop(&s);
}

static void check_is_ok(struct kit *k)
{
	struct served s;
	struct said said;

	if (!kit_host(k, &s))
		return;
	kit_call(k, &s, "check", NULL, NULL, &said);
	kit_want_rc(k, &said, "ok", "check");
	kit_want_others(k, "after check");
	kit_want_count(k, KIT_VALUE_1, 0, "after check");
	served_stop(&s);
}

static void batch(struct kit *k, struct served *s, const char *op, const char *const values[2], int n)
{
	struct question q = {"batch", k->c->zone, NULL, NULL, NULL, NULL, k->c->ms};
	json_t *changes = json_array(), *result;
	struct said said;
	size_t i;

	for (int v = 0; v < n; v++)
		json_array_append_new(changes, json_pack("{s:s,s:s,s:s,s:i}", "op", op, "name", k->c->name,
		                                         "value", values[v], "ttl", (int)k->c->ttl));
	q.changes = changes;
	served_ask(s, &q);
	served_hear(s, &q, &said);
	kit_want_rc(k, &said, "ok", "batch");
	json_array_foreach(json_object_get(said.answer, "results"), i, result)
	{
		const char *rc = json_string_value(json_object_get(result, "rc"));
		const char *msg = json_string_value(json_object_get(result, "msg"));

		kit_want(k, rc && !strcmp(rc, "ok"), "batch, change %zu (%s): wanted ok, got %s %s", i + 1,
		         op, rc ? rc : "nothing", msg ? msg : "");
	}
	json_decref(changes);
}

static void batch_both(struct kit *k)
{
	const char *const values[] = {KIT_VALUE_1, KIT_VALUE_2};
	int n = one_value(k) ? 1 : 2;
	struct served s;

	if (!kit_host(k, &s))
		return;
	batch(k, &s, "add", values, n);
	kit_want_count(k, KIT_VALUE_1, 1, "after a batch");
	if (n > 1)
		kit_want_count(k, KIT_VALUE_2, 1, "after a batch");
	kit_want_others(k, "after a batch");
	batch(k, &s, "del", values, n);
	kit_want_count(k, KIT_VALUE_1, rest(k), "after a batch of del");
	kit_want_count(k, KIT_VALUE_2, n > 1 ? rest(k) : 0, "after a batch of del");
	kit_want_others(k, "after a batch of del");
	served_stop(&s);
}

static void at_apex(struct kit *k)
{
	const char *zone = k->c->apex;
	struct served s;
	struct said said;

	if (!zone) {
		kit_want(k, conform_case_lacks(k->c, "apex"),
		         "the case names no zone that is itself an _acme-challenge name; add apex: ZONE");
		return;
	}
	if (!kit_host(k, &s))
		return;
	kit_call_at(k, &s, "add", zone, zone, KIT_VALUE_1, &said);
	kit_want_rc(k, &said, "ok", "add at the apex");
	kit_want(k, kit_count(k, zone, zone, KIT_VALUE_1) == 1, "the value is not at the apex %s", zone);
	if (!one_value(k)) {
		kit_call_at(k, &s, "add", zone, zone, KIT_VALUE_2, &said);
		kit_want(k, kit_count(k, zone, zone, KIT_VALUE_2) == 1,
		         "the second value is not at the apex %s", zone);
	}
	kit_want_others(k, "after add at the apex");
	kit_call_at(k, &s, "del", zone, zone, one_value(k) ? KIT_VALUE_1 : KIT_VALUE_2, &said);
	kit_want_rc(k, &said, "ok", "del at the apex");
	kit_call_at(k, &s, "del", zone, zone, KIT_VALUE_1, &said);
	kit_want(k, kit_count(k, zone, zone, KIT_VALUE_1) == rest(k), "the value is still at the apex %s",
	         zone);
	kit_want_others(k, "after del at the apex");
	served_stop(&s);
}

/* A value that somebody else puts between two calls of one process. */
static void others_meanwhile(struct kit *k)
{
	static const char late[] = "put by somebody else meanwhile";
	struct served s;
	struct said said;
	struct err e;

	if (!kit_shares_names(k) || !world_can_plant(k->c)) {
		kit_replaced(k,
		             kit_shares_names(k) ? "nothing can be planted" : "others cannot be at the name");
		return;
	}
	if (!kit_host(k, &s))
		return;
	kit_call(k, &s, "add", KIT_VALUE_1, NULL, &said);
	if (kit_want(k, world_plant(k->c, k->c->zone, k->c->name, late, &e), "%s", e.text)) {
		kit_call(k, &s, "add", KIT_VALUE_2, NULL, &said);
		kit_want(k, kit_count(k, NULL, NULL, late) == 1,
		         "add by a process that had read before LOST it");
		kit_call(k, &s, "del", KIT_VALUE_1, NULL, &said);
		kit_call(k, &s, "del", KIT_VALUE_2, NULL, &said);
		kit_want(k, kit_count(k, NULL, NULL, late) == 1,
		         "del by a process that had read before LOST it");
	}
	served_stop(&s);
}

/* All that had a TTL before has it now. */
static void want_ttls(struct kit *k, const struct strs *before, const char *when)
{
	struct strs now = {0};
	struct err e;

	if (kit_want(k, world_ttls(k->c, &now, &e), "%s", e.text))
		for (size_t i = 0; i < before->n; i++)
			kit_want(k, strs_has(&now, before->at[i]),
			         "%s: it was not ours and has another TTL: %.200s", when, before->at[i]);
	strs_free(&now);
}

/* A record set has one TTL, which is not ours where others are in it. */
static void others_keep_their_ttl(struct kit *k)
{
	struct strs before = {0};
	struct served s;
	struct said said;
	struct err e;

	if (!kit_shares_names(k)) {
		kit_replaced(k, "others cannot be at the name");
		return;
	}
	if (!kit_host(k, &s))
		return;
	if (kit_want(k, world_ttls(k->c, &before, &e), "%s", e.text)) {
		kit_call(k, &s, "add", KIT_VALUE_1, NULL, &said);
		want_ttls(k, &before, "after add");
		kit_call(k, &s, "del", KIT_VALUE_1, NULL, &said);
		want_ttls(k, &before, "after del");
	}
	strs_free(&before);
	served_stop(&s);
}

static void wrong_zone(struct kit *k)
{
	static const char *const ops[] = {"add", "del", "check"};
	char *name = xasprintf("_acme-challenge.%s", k->c->wrong);
	struct served s;
	struct said said;

	if (!kit_host(k, &s)) {
		free(name);
		return;
	}
	for (size_t i = 0; i < 3; i++) {
		kit_call_at(k, &s, ops[i], k->c->wrong, name, i < 2 ? KIT_VALUE_1 : NULL, &said);
		if (i == 1 && said_is(&said, "ok"))
			continue; /* what is not there is gone */
		if (i == 2 && !k->can_check)
			continue;
		kit_want_rc(k, &said, "nozone", ops[i]);
		kit_want(k, strstr(said.msg, k->c->wrong), "%s: the message does not name the zone %s: %s",
		         ops[i], k->c->wrong, said.msg);
	}
	kit_want_others(k, "after a wrong zone");
	served_stop(&s);
	free(name);
}

const struct rule conform_rules[] = {
    {"add puts the value once, however often it is asked", add_twice, NULL, false},
    {"a second value stands beside the first", add_second, "second", false},
    {"del takes away its value alone, and twice is right", del_by_handle, NULL, false},
    {"del works without the handle", del_without_handle, NULL, false},
    {"del works with the handle of an earlier add", del_by_old_handle, "delete", false},
    {"list agrees", list_agrees, NULL, false},
    {"check changes nothing", check_is_ok, NULL, false},
    {"batch does what its changes say", batch_both, NULL, false},
    {"a zone that is itself an _acme-challenge name", at_apex, "apex", false},
    {"a value of others that came meanwhile is kept", others_meanwhile, NULL, false},
    {"values of others keep their TTL", others_keep_their_ttl, "ttl", true},
    {"a zone that is not in the account: nozone", wrong_zone, "wrong", false},
    {0},
};
