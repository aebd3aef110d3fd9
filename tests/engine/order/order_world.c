#include "order_world_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/mem.h"
#include "engine/acme/ca_account.h"
#include "engine/dns/ask.h"
#include "engine/peers/launcher.h"
#include "engine/journal/spread_times.h"
#include "engine/journal/ca_accounts.h"
#include "engine/journal/schema.h"
#include "engine/dns/lookup.h"
#include "engine/order/resolution.h"
#include "engine/journal/runs.h"
#include "engine/peers/keeper.h"
#include "engine/spread/spread.h"
#include "engine/journal/turn.h"
#include "engine/zone/zone.h"
#include "fake_loop.h"

#define STEP_MS 5 /* every answer of the world takes so long */

struct order_world world;
struct world order_world_engine;
static char state[4096];
static unsigned adds, dels;
static bool order_ended;
static enum order_end order_result;

static struct later *laters;

void later_free(struct later *l)
{
	struct later **p = &laters;

	while (*p != l)
		p = &(*p)->next;
	*p = l->next;
	loop_timer_free(l->timer);
	json_decref(l->payload);
	free(l->text);
	free(l->more);
	free(l);
}

static void later_fire(void *arg)
{
	struct later *l = arg;

	l->fn(l);
}

struct later *later(void (*fn)(struct later *l), void *callback, void *arg, const char *text)
{
	struct later *l = xcalloc(1, sizeof(*l));

	*l =
	    (struct later){.fn = fn, .callback = callback, .arg = arg, .text = xstrdup(text), .next = laters};
	laters = l;
	l->timer = loop_timer_new(order_world_engine.loop, later_fire, l);
	loop_timer_set(l->timer, STEP_MS);
	return l;
}

size_t order_world_count(const struct strs *list, const char *text)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += strcmp(list->at[i], text) == 0;
	return n;
}

/* The provider. */

static char *record_text(const struct pool_txt *txt)
{
	return xasprintf("%s %s", txt->owner, txt->value);
}

void order_world_drop(const char *record)
{
	struct strs kept = {0};

	for (size_t i = 0; i < world.store.n; i++)
		if (strcmp(world.store.at[i], record) != 0)
			strs_add(&kept, world.store.at[i]);
	strs_free(&world.store);
	world.store = kept;
}

static void pool_answer_now(struct later *l, enum pool_rc rc)
{
	const struct pool_answer answer = {.rc = rc,
	                                   .message = rc == POOL_OK ? NULL : "scripted",
	                                   .written = world.written,
	                                   .passes = rc == POOL_DEAD && world.dead_passes};
	pool_fn *fn = (pool_fn *)l->callback;
	void *arg = l->arg;

	later_free(l);
	if (fn)
		fn(arg, &answer);
}

static void add_answers(struct later *l)
{
	enum pool_rc rc = adds < WORLD_SCRIPT ? world.add[adds] : world.add_each;

	adds += adds < WORLD_SCRIPT;
	if ((rc == POOL_OK || rc == POOL_UNKNOWN) && !strs_has(&world.store, l->text))
		strs_add(&world.store, l->text);
	if (world.store.n > world.most_stored)
		world.most_stored = world.store.n;
	pool_answer_now(l, rc);
}

static void del_answers(struct later *l)
{
	enum pool_rc rc = dels < WORLD_SCRIPT ? world.del[dels] : POOL_OK;

	dels++;
	if (rc == POOL_OK && world.del_lies)
		world.del_lies--;
	else if (rc == POOL_OK)
		order_world_drop(l->text);
	pool_answer_now(l, rc);
}

static void check_answers(struct later *l)
{
	size_t n = world.checked.n - world.checks;
	enum pool_rc rc = n < WORLD_SCRIPT ? world.check_script[n] : POOL_OK;

	world.checks--;
	pool_answer_now(l, rc != POOL_OK ? rc : world.check);
}

static void list_answers(struct later *l)
{
	struct strs values = {0};
	size_t n = strlen(l->text);

	for (size_t i = 0; i < world.store.n; i++)
		if (strncmp(world.store.at[i], l->text, n) == 0)
			strs_add(&values, world.store.at[i] + n + 1);
	const struct pool_answer answer = {.rc = world.lists_not ? POOL_INVALID : POOL_OK,
	                                   .values = world.lists_not ? NULL : &values};
	pool_fn *fn = (pool_fn *)l->callback;
	void *arg = l->arg;
	later_free(l);
	fn(arg, &answer);
	strs_free(&values);
}

struct pool *pool_new(struct loop *l, struct launcher *launcher, const struct pool_requests *requests)
{
	return NULL;
}

void pool_free(struct pool *p)
{
}

struct pool_call *pool_add(struct pool *p, const char *account, const struct pool_txt *txt, unsigned ms,
                           pool_fn *fn, void *arg)
{
	char *text = record_text(txt);
	struct later *l = later(add_answers, (void *)fn, arg, text);

	strs_add(&world.calls, "add");
	order_world_note_announced(true);
	strs_add(&world.added, account);
	free(text);
	return (struct pool_call *)l;
}

struct pool_call *pool_del(struct pool *p, const char *account, const struct pool_txt *txt, unsigned ms,
                           pool_fn *fn, void *arg)
{
	char *text = record_text(txt);
	struct later *l = later(del_answers, (void *)fn, arg, text);

	strs_add(&world.calls, "del");
	order_world_note_announced(false);
	strs_add(&world.deleted, account);
	free(text);
	return (struct pool_call *)l;
}

static void live_answers(struct later *l)
{
	const struct pool_answer answer = {
	    .rc = POOL_OK, .live = order_world_count(&world.calls, "live") > world.live_after};
	pool_fn *fn = (pool_fn *)l->callback;
	void *arg = l->arg;

	later_free(l);
	fn(arg, &answer);
}

struct pool_call *pool_live(struct pool *p, const char *account, const struct pool_txt *txt, unsigned ms,
                            pool_fn *fn, void *arg)
{
	strs_add(&world.calls, "live");
	return (struct pool_call *)later(live_answers, (void *)fn, arg, "");
}

struct pool_call *pool_check(struct pool *p, const char *account, const char *zone, const char *owner,
                             unsigned ms, pool_fn *fn, void *arg)
{
	struct later *l = later(check_answers, (void *)fn, arg, owner);

	if (++world.checks > world.most_checks)
		world.most_checks = world.checks;
	strs_add(&world.checked, account);
	if (world.check_ms)
		loop_timer_set(l->timer, world.check_ms);
	return (struct pool_call *)l;
}

struct pool_call *pool_list(struct pool *p, const char *account, const char *zone, const char *owner,
                            unsigned ms, pool_fn *fn, void *arg)
{
	strs_add(&world.calls, "list");
	return (struct pool_call *)later(list_answers, (void *)fn, arg, owner);
}

static void warm_answers(struct later *l)
{
	pool_answer_now(l, world.warm);
}

struct pool_call *pool_warm(struct pool *p, const char *account, pool_fn *fn, void *arg)
{
	world.warms++;
	return (struct pool_call *)later(warm_answers, (void *)fn, arg, "");
}

void pool_cancel(struct pool_call *c)
{
	((struct later *)c)->callback = NULL;
}

const struct pool_hello *pool_hello(const struct pool *p, const char *account)
{
	static struct pool_hello hello;

	hello.can_list = world.list;
	hello.verifies_del = world.verifies;
	hello.programs = world.programs;
	hello.most_values = world.most_values;
	hello.settle_ms = world.settle_ms;
	hello.can_live = world.live_after;
	return &hello;
}

/* The keeper. */

char *order_world_value(const char *token)
{
	/* 43 characters that differ as the tokens do */
	return xasprintf("v-%.*s%s", 41 - 22, "0000000000000000000000", token);
}

/* What the CA of this world takes for a signature. */
static json_t *signature(const json_t *request)
{
	json_t *jws = json_pack("{s:i, s:O}", "key", (int)world.keeper_key + 1, "payload",
	                        json_object_get(request, "payload"));

	if (json_object_get(request, "kid"))
		json_object_set(jws, "kid", json_object_get(request, "kid"));
	return jws;
}

static void sign_answers(struct later *l)
{
	const char *op = json_string_value(json_object_get(l->payload, "op"));
	const char *cert = json_string_value(json_object_get(l->payload, "cert"));
	keeper_fn *fn = (keeper_fn *)l->callback;
	void *arg = l->arg;
	json_t *answer = json_object();
	const char *error = NULL;

	if (strcmp(op, "sign") == 0) {
		json_object_set_new(answer, "jws", signature(l->payload));
	} else if (strcmp(op, "eab") == 0) {
		json_object_set_new(answer, "jws", json_object());
	} else if (strcmp(op, "challenge") == 0) {
		char *value = order_world_value(json_string_value(json_object_get(l->payload, "token")));
		json_object_set_new(answer, "value", json_string(value));
		free(value);
	} else if (strcmp(op, "key") == 0) {
		json_object_set_new(answer, "csr",
		                    json_string(json_string_value(json_object_get(l->payload, "type"))));
	} else if (strcmp(op, "current") == 0 && world.life_s) {
		json_decref(answer);
		answer = order_world_facts(cert);
	} else if (strcmp(op, "current") == 0 &&
	           (world.has_certificate || strs_has(&world.published, cert))) {
		json_decref(answer);
		answer = json_pack("{s:i, s:I, s:s, s:[s], s:s}", "not_before", 1, "not_after",
		                   (json_int_t)9000000000, "type", "p256", "names",
		                   world.keeps ? cert : "example.test", "directory", "https://ca.test/dir");
	} else if (strcmp(op, "publish") == 0) {
		strs_add(&world.calls, "publish");
		world.offered = json_array_size(json_object_get(l->payload, "alternates"));
		if (world.offered)
			json_object_set_new(answer, "preferred", json_false());
		error = order_world_publish_pairs(cert, l->payload, answer);
		if (world.keeps)
			strs_add(&world.published, cert);
		json_object_set_new(answer, "not_after", json_integer(4000000000));
		if (world.publish_wrong)
			json_object_set_new(answer, "wrong", json_true());
		if (world.publish_error)
			error = world.publish_error;
	}
	if (strcmp(op, "discard") == 0)
		strs_add(&world.calls, "discard");
	later_free(l);
	if (fn)
		fn(arg, answer, error);
	json_decref(answer);
}

struct keeper_call *keeper_send(struct keeper *s, json_t *request, keeper_fn *fn, void *arg)
{
	struct later *l = later(sign_answers, (void *)fn, arg, "");

	l->payload = request;
	return (struct keeper_call *)l;
}

void keeper_cancel(struct keeper_call *c)
{
	later_free((struct later *)c);
}

/* The launcher. */

void launcher_revoked(struct launcher *c, size_t n, const char *outcome)
{
	(void)c;
	(void)n;
	(void)outcome;
}

void launcher_event(struct launcher *c, enum event_level level, const char *event, json_t *more,
                    const char *format, ...)
{
	va_list ap;
	char text[4096];

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	json_decref(more);
	if (level != EVENT_DEBUG)
		strs_add(&world.events, event);
	if (strcmp(event, "waiting") == 0) {
		free(world.waiting);
		world.waiting = xstrdup(text);
	}
	if (level == EVENT_ERROR) {
		free(world.error);
		world.error = xstrdup(text);
	}
}

/* The run. */

static void journal_broken(void *arg, const char *why)
{
	order_broken(*(struct order **)arg, why);
}

static struct order *running;

static void take_line(json_t *line)
{
	struct err e;

	if (job_take(&order_world_engine.job, line, &e) == JOB_BAD)
		abort();
	json_decref(line);
}

static void add_head(const char *run)
{
	order_world_engine.job = NULL;
	take_line(json_pack("{s:{s:s, s:s, s:s}}", "job", "command", "issue", "state", state, "run", run));
	take_line(json_pack("{s:{s:s, s:s, s:s, s:b, s:s}}", "ca", "account", "ca", "directory",
	                    "https://ca.test/dir", "label", "Test CA", "agree_tos", 1, "eab_kid", "kid-1"));
	take_line(json_pack("{s:{s:s, s:s}}", "dns", "account", "dns", "provider", "fake"));
}

static void add_cert(const char *id, json_t *names)
{
	take_line(json_pack("{s:{s:s, s:o, s:s, s:[s], s:[s, s*], s:i}}", "cert", "id", id, "names", names,
	                    "ca", "ca", "dns", "dns", "key_type", "p256", world.second, "timeout", 600));
}

static void add_job(const char *const *names, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(names[i]));
	add_head("run-1");
	add_cert("example.test", list);
}

static void order_world_make(void)
{
	world = (struct order_world){.check = POOL_OK};
	order_world_ca_open();
	adds = dels = 0;
	running = NULL;
	snprintf(state, sizeof(state), "%s/test_order.XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(state))
		abort();
	order_world_engine = (struct world){.loop = loop_new()};
}

const char *order_world_state(void)
{
	return state;
}

void order_world_job(const char *const *certs, size_t n, const char *run, unsigned wait_ms)
{
	add_head(run);
	for (size_t i = 0; i < n; i++)
		add_cert(certs[i], json_pack("[s]", certs[i]));
	order_world_engine.job->wait_ms = wait_ms;
}

struct world *order_world_prepare(size_t names)
{
	order_world_make();
	return &order_world_engine;
}

struct world *order_world_open(const char *const *names, size_t n)
{
	order_world_make();
	add_job(names, n);
	if (world_open(&order_world_engine, journal_broken, &running, NULL) != WORLD_OPEN)
		abort();
	run_insert(order_world_engine.turn, "run-1");
	return &order_world_engine;
}

void order_world_next(struct world *e)
{
	struct loop *loop = e->loop;

	world_close(e); /* which gives up what is under way */
	while (laters)
		later_free(laters);
	loop_at_turn_end(loop, NULL, NULL);
	*e = (struct world){.loop = loop};
}

void order_world_close(struct world *e)
{
	char *command = xasprintf("rm -rf '%s'", state);
	struct loop *loop = e->loop;

	order_free(running);
	for (size_t i = 0; i < 2; i++)
		assert(!world.announced[i]);
	while (laters)
		later_free(laters);
	if (e->turn)
		world_close(e);
	else
		job_free(e->job);
	loop_free(loop);
	order_world_live_close();
	strs_free(&world.generations);
	strs_free(&world.published);
	strs_free(&world.replaced);
	strs_free(&world.profiled);
	strs_free(&world.store);
	strs_free(&world.events);
	strs_free(&world.calls);
	strs_free(&world.added);
	strs_free(&world.deleted);
	strs_free(&world.checked);
	strs_free(&world.looked_up);
	strs_free(&world.requests);
	order_world_ca_close();
	free(world.error);
	free(world.waiting);
	if (system(command) != 0)
		abort();
	free(command);
}

static void order_is_over(void *arg, struct order *o, enum order_end end)
{
	order_ended = true;
	order_result = end;
	loop_stop(order_world_engine.loop);
}

void order_world_has_account(struct world *e, unsigned key)
{
	order_world_ca_account(key);
	ca_account_store(e->turn, "ca", "https://ca.test/dir", "https://ca.test/acct/1");
}

struct order *order_world_start(struct world *e, const struct order_row *resumed, struct txt **left,
                                size_t lefts)
{
	struct err err;
	struct resolution *how = e->resolution[0];

	order_ended = false;
	order_free(running);
	running = order_new(e, e->job->cert, how, world_ca_account(e, "ca", how->lookup, &err), resumed, left,
	                    lefts, order_is_over, NULL);
	return running;
}

enum order_end order_world_finish(struct world *e, struct order *o)
{
	while (!order_ended)
		fake_loop_advance(e->loop, 1000);
	fake_loop_advance(e->loop, 100);
	return order_result;
}

enum order_end order_world_issue(struct world *e)
{
	return order_world_finish(e, order_world_start(e, NULL, NULL, 0));
}

static void copy_row(void *arg, const struct order_row *row)
{
	struct order_row *to = arg;

	if (!to->id)
		order_row_copy(to, row);
}

enum order_end order_world_resume(struct world *e)
{
	struct order_row row = {0};
	const struct strs none = {0};

	order_row_adopt(e->turn, "run-1", &none, copy_row, &row);
	enum order_end end = order_world_finish(e, order_world_start(e, row.id ? &row : NULL, NULL, 0));
	order_row_clear(&row);
	return end;
}

static bool first_number(void *arg, struct db_row *r)
{
	*(int64_t *)arg = db_int(r, 0);
	return false;
}

int64_t order_world_owed(struct world *e)
{
	int64_t n = -1;

	db_each(e->db, NULL, first_number, &n, "SELECT count(*) FROM intents WHERE state<>'gone'", "");
	return n;
}

int64_t order_world_doubt(struct world *e)
{
	int64_t n = -1;

	db_each(e->db, NULL, first_number, &n, "SELECT min(settled_after) FROM intents WHERE state<>'gone'",
	        "");
	return n;
}

static bool first_text(void *arg, struct db_row *r)
{
	*(char **)arg = xstrdup(db_text(r, 0));
	return false;
}

char *order_world_row_state(struct world *e)
{
	char *text = NULL;

	db_each(e->db, NULL, first_text, &text, "SELECT state FROM orders ORDER BY id DESC LIMIT 1", "");
	return text;
}
