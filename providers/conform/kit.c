#include "config.h"

#include "kit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "world.h"

_Static_assert(sizeof(KIT_VALUE_1) == 44 && sizeof(KIT_VALUE_2) == 44 && sizeof(KIT_VALUE_3) == 44,
               "43 characters");

#define MANY       10 /* values at a name from which on others may be there too */
#define LINES_MOST 60
#define LINE_MOST  4096

static const char *const own[] = {KIT_VALUE_1, KIT_VALUE_2, KIT_VALUE_3};

bool kit_want(struct kit *k, bool ok, const char *format, ...)
{
	char text[LINE_MOST];
	va_list args;

	if (ok)
		return true;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	k->rule_failed = true;
	buf_printf(&k->why, "#   %s\n", text);
	return false;
}

void kit_replaced(struct kit *k, const char *why)
{
	k->replaced = why;
}

/* What was written to the log since `from`, as remarks. */
static void show_log(const struct kit *k, off_t from)
{
	FILE *f = fdopen(dup(k->plan.log), "r");
	char line[LINE_MOST];
	off_t end = lseek(k->plan.log, 0, SEEK_END);
	int n = 0;

	if (!f)
		return;
	fseeko(f, from, SEEK_SET);
	while (ftello(f) < end && n++ < LINES_MOST && fgets(line, sizeof(line), f))
		printf("#   | %s%s", line, strchr(line, '\n') ? "" : "\n");
	if (n > LINES_MOST)
		printf("#   | ...\n");
	fclose(f);
	lseek(k->plan.log, 0, SEEK_END);
}

static void show_requests(const struct kit *k)
{
	json_t *log = world_log(k->c), *line;
	size_t i;

	json_array_foreach(log, i, line) printf("#   > %s\n", json_string_value(line));
	json_decref(log);
}

static void rule_print(struct kit *k, const struct rule *r, off_t from)
{
	k->failed += k->rule_failed;
	printf("%sok %d - %s%s%s\n", k->rule_failed ? "not " : "", ++k->number, r->name,
	       k->replaced ? " # counterpart: " : "", k->replaced ? k->replaced : "");
	if (k->why.len)
		fputs(k->why.data, stdout);
	if (k->rule_failed && k->verbose) {
		show_log(k, from);
		show_requests(k);
	}
	fflush(stdout);
	buf_free(&k->why);
}

void kit_rule(struct kit *k, const struct rule *r)
{
	const char *lack = r->lack ? conform_case_lacks(k->c, r->lack) : NULL;
	off_t from = lseek(k->plan.log, 0, SEEK_END);

	k->rule_failed = false;
	k->replaced = NULL;
	if (r->needs_fake && !k->c->control)
		return;
	dprintf(k->plan.log, "== %s\n", r->name);
	if (lack)
		k->replaced = lack;
	else if (kit_begin(k, false))
		r->run(k);
	rule_print(k, r, from);
}

bool kit_shares_names(const struct kit *k)
{
	return !k->most_values || k->most_values >= MANY;
}

/* Letters the other way: values differ by case. */
static char *swapped(const char *text)
{
	char *copy = xstrdup(text);

	for (char *c = copy; *c; c++)
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z'))
			*c ^= 'a' ^ 'A';
	return copy;
}

static void plant(struct strs *lines, const char *zone, const char *name, const char *type, const char *value)
{
	char *line = xasprintf("%s %s %s %s", zone, name, type, value);

	strs_add(lines, line);
	free(line);
}

/* At our own name: values that a careless comparison takes for ours, and the usual texts of others. */
static void plant_here(const struct kit *k, struct strs *lines)
{
	char *swap = swapped(KIT_VALUE_1), longer[] = KIT_VALUE_1 "x", big[331];
	const char *const standard[] = {swap, longer, "site=\"quoted\\ text; x\"  two", big};
	const struct conform_case *c = k->c;

	memset(big, 'p', sizeof(big) - 1);
	memcpy(big, "v=DKIM1; p=", 11);
	big[sizeof(big) - 1] = '\0';
	for (size_t i = 0; i < sizeof(standard) / sizeof(*standard) && !c->foreign.n; i++)
		plant(lines, c->zone, c->name, "TXT", standard[i]);
	for (size_t i = 0; i < c->foreign.n; i++)
		plant(lines, c->zone, c->name, "TXT", c->foreign.at[i]);
	free(swap);
}

static void plant_all(const struct kit *k, struct strs *lines)
{
	char *other = xasprintf("_acme-challenge.www.%s", k->c->zone);

	if (kit_shares_names(k))
		plant_here(k, lines);
	if (k->c->control) {
		plant(lines, k->c->zone, other, "TXT", KIT_VALUE_1);
		plant(lines, k->c->zone, k->c->name, "A", "192.0.2.77");
	}
	free(other);
}

bool kit_begin(struct kit *k, bool soft)
{
	struct strs lines = {0};
	struct err e;
	bool ok;

	plant_all(k, &lines);
	strs_free(&k->before);
	ok = kit_want(k, world_begin(k->c, soft || k->shared.pid > 0, &lines, &k->before, &e), "%s", e.text);
	strs_free(&lines);
	return ok;
}

bool kit_look_again(struct kit *k)
{
	struct err e;

	strs_free(&k->before);
	return kit_want(k, world_dump(k->c, &k->before, &e), "%s", e.text);
}

bool kit_host(struct kit *k, struct served *s)
{
	struct err e;

	return served_start(s, &k->plan, &e) || kit_want(k, false, "%s", e.text);
}

static void call(struct kit *k, struct served *s, struct question *q, struct said *said)
{
	q->ms = k->c->ms;
	served_ask(s, q);
	served_hear(s, q, said);
}

void kit_call(struct kit *k, struct served *s, const char *op, const char *value, const char *handle,
              struct said *said)
{
	struct question q = {op, k->c->zone, k->c->name, value, handle, NULL, 0};

	call(k, s, &q, said);
}

void kit_call_at(struct kit *k, struct served *s, const char *op, const char *zone, const char *name,
                 const char *value, struct said *said)
{
	struct question q = {op, zone, name, value, NULL, NULL, 0};

	call(k, s, &q, said);
}

void kit_call_elsewhere(struct kit *k, const char *op, const char *value, struct said *said)
{
	struct served s;

	*said = (struct said){.rc = "died", .msg = "the host did not start"};
	if (!kit_host(k, &s))
		return;
	kit_call(k, &s, op, value, NULL, said);
	served_stop(&s);
	said->answer = NULL;
}

bool said_is(const struct said *s, const char *rc)
{
	return !strcmp(s->rc, rc);
}

bool said_is_passing(const struct said *s)
{
	return said_is(s, "temp") || said_is(s, "rate") || said_is(s, "conflict") || said_is(s, "died");
}

bool kit_want_rc(struct kit *k, const struct said *s, const char *rc, const char *what)
{
	return kit_want(k, said_is(s, rc), "%s: wanted %s, got %s%s%s", what, rc, s->rc, *s->msg ? ": " : "",
	                s->msg);
}

bool kit_until_ok(struct kit *k, struct served *s, const char *op, const char *value, const char *what)
{
	struct said said;

	for (int i = 0; i < KIT_TRIES; i++) {
		kit_call(k, s, op, value, NULL, &said);
		if (!said_is_passing(&said))
			break;
	}
	return kit_want_rc(k, &said, "ok", what);
}

/* Without a fake and a command: what the provider itself lists, in a host of its own. */
static int count_by_list(struct kit *k, const char *zone, const char *name, const char *value)
{
	struct served s;
	struct said said;
	int n = 0;
	json_t *text;
	size_t i;

	if (!k->can_list || !kit_host(k, &s))
		return -1;
	kit_call_at(k, &s, "list", zone, name, NULL, &said);
	kit_want_rc(k, &said, "ok", "list");
	json_array_foreach(json_object_get(said.answer, "values"), i, text) n +=
	    !strcmp(json_string_value(text), value);
	served_stop(&s);
	return n;
}

int kit_count(struct kit *k, const char *zone, const char *name, const char *value)
{
	struct strs now = {0};
	struct err e;
	char *line;
	int n = 0;

	zone = zone ? zone : k->c->zone;
	name = name ? name : k->c->name;
	if (!world_can_see(k->c))
		return count_by_list(k, zone, name, value);
	if (!kit_want(k, world_dump(k->c, &now, &e), "%s", e.text))
		return -1;
	line = xasprintf("%s %s TXT %s", zone, name, value);
	for (size_t i = 0; i < now.n; i++)
		n += !strcmp(now.at[i], line);
	free(line);
	strs_free(&now);
	return n;
}

bool kit_want_count(struct kit *k, const char *value, int n, const char *when)
{
	int got = kit_count(k, NULL, NULL, value);

	return kit_want(k, got == n, "%s: %s is at %s %d times, wanted %d", when, value, k->c->name, got, n);
}

static bool is_own(const struct kit *k, const char *line)
{
	const char *const at[][2] = {{k->c->zone, k->c->name}, {k->c->apex, k->c->apex}};
	bool ours = false;

	for (size_t i = 0; i < 2 && at[i][0]; i++)
		for (size_t v = 0; v < sizeof(own) / sizeof(*own) && !ours; v++) {
			char *mine = xasprintf("%s %s TXT %s", at[i][0], at[i][1], own[v]);

			ours = !strcmp(line, mine);
			free(mine);
		}
	return ours;
}

static bool want_equal(struct kit *k, const struct strs *now, const char *when)
{
	size_t a = 0, b = 0;
	bool same = true;

	while (same && (a < k->before.n || b < now->n)) {
		const char *was = a < k->before.n ? k->before.at[a] : NULL,
		           *is = b < now->n ? now->at[b] : NULL;

		if (is && is_own(k, is))
			b++;
		else if (was && is_own(k, was))
			a++;
		else if (!is || (was && strcmp(was, is) < 0))
			same = kit_want(k, false, "%s: LOST, though it was another program's: %.200s", when,
			                was);
		else if (!was || strcmp(was, is) > 0)
			same = kit_want(k, false, "%s: there is something that was not there before: %.200s",
			                when, is);
		else
			a++, b++;
	}
	return same;
}

/* What can be seen by the provider alone: the values that the case says are there. */
static bool want_listed(struct kit *k, const char *when)
{
	bool all = true;

	for (size_t i = 0; i < k->c->foreign.n; i++)
		all &=
		    kit_want(k, count_by_list(k, k->c->zone, k->c->name, k->c->foreign.at[i]) == 1,
		             "%s: LOST, though it was another program's: %.200s", when, k->c->foreign.at[i]);
	return all;
}

bool kit_want_others(struct kit *k, const char *when)
{
	struct strs now = {0};
	struct err e;
	bool ok;

	if (!world_can_see(k->c))
		return want_listed(k, when);
	ok = kit_want(k, world_dump(k->c, &now, &e), "%s", e.text) && want_equal(k, &now, when);
	strs_free(&now);
	return ok;
}
