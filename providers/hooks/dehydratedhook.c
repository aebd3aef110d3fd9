#include <stdlib.h>
#include <time.h>

#include "shared/clock.h"
#include "hook.h"
#include "shared/module.h"

/*
 * The hook of dehydrated: HOOK deploy_challenge|clean_challenge DOMAIN TOKEN VALUE, with HOOK_CHAIN all
 * of them in one run. https://github.com/dehydrated-io/dehydrated/blob/master/docs/examples/hook.sh
 * TOKEN is for HTTP challenges; we do not have it.
 */
#define TOKEN "dnsproof"

static const char *hook_of(const struct dnsproof_call *call)
{
	return json_string_value(json_object_get(call->options, "hook"));
}

/* argv is filled from 2 on. */
static enum dnsproof_rc run(const struct dnsproof_call *call, int del, const char **argv,
                            const struct dnsproof_txt *first)
{
	struct command c = {.call = call, .op = del ? "clean_challenge" : "deploy_challenge", .argv = argv};
	enum dnsproof_rc rc = hook_environment(&c, first);

	argv[0] = hook_of(call);
	argv[1] = c.op;
	if (rc == DNSPROOF_OK)
		rc = command_succeed(&c);
	command_clear(&c);
	return rc;
}

static enum dnsproof_rc run_one(const struct dnsproof_call *call, int del, const struct dnsproof_txt *txt)
{
	const char *domain = hook_domain(call, txt->name);
	const char *argv[] = {NULL, NULL, domain, TOKEN, txt->value, NULL};

	return domain ? run(call, del, argv, txt) : DNSPROOF_INVALID;
}

static enum dnsproof_rc dehydratedhook_add(struct dnsproof_txt_call *c)
{
	return run_one(&c->call, 0, c->txt);
}

static enum dnsproof_rc dehydratedhook_del(struct dnsproof_txt_call *c)
{
	return run_one(&c->call, 1, c->txt);
}

/* The changes from..to-1, all adds or all dels, in one run. */
static enum dnsproof_rc run_chain(const struct dnsproof_call *call, struct dnsproof_batch_call *b,
                                  size_t from, size_t to)
{
	const char **argv = calloc((to - from) * 3 + 3, sizeof(*argv));
	enum dnsproof_rc rc;
	size_t n = 2;

	if (!argv)
		abort();
	for (size_t i = from; i < to; i++) {
		argv[n++] = hook_domain(call, b->change[i].txt.name);
		argv[n++] = TOKEN;
		argv[n++] = b->change[i].txt.value;
	}
	rc = run(call, b->change[from].del, argv, &b->change[from].txt);
	free(argv);
	return rc;
}

/* Where the changes end that can go together with the first: at least one. */
static size_t chain_end(const struct dnsproof_batch_call *b, size_t from)
{
	size_t to = from;

	if (json_is_true(json_object_get(b->call.options, "chain")))
		while (to < b->n && b->change[to].del == b->change[from].del &&
		       hook_domain(&b->call, b->change[to].txt.name))
			to++;
	return to > from ? to : from + 1;
}

static enum dnsproof_rc run_some(const struct dnsproof_call *call, struct dnsproof_batch_call *b, size_t from,
                                 size_t to)
{
	if (!call->ms_left)
		return call->host->fail(call, DNSPROOF_TEMP, "no time was left to run %s", hook_of(call));
	if (to > from + 1)
		return run_chain(call, b, from, to);
	return run_one(call, b->change[from].del, &b->change[from].txt);
}

static enum dnsproof_rc dehydratedhook_batch(struct dnsproof_batch_call *b)
{
	long long end = module_ms() + b->call.ms_left, left;
	struct dnsproof_call call = b->call;
	enum dnsproof_rc all = DNSPROOF_OK, rc;

	for (size_t from = 0, to; from < b->n; from = to) {
		to = chain_end(b, from);
		left = end - module_ms();
		call.ms_left = left > 0 ? (unsigned)left : 0;
		rc = run_some(&call, b, from, to);
		all = rc == DNSPROOF_OK ? all : rc;
		for (size_t i = from; i < to; i++)
			b->change[i].rc = rc;
	}
	return all;
}

static enum dnsproof_rc dehydratedhook_open(struct dnsproof_open_call *c)
{
	enum dnsproof_rc rc = command_check(&c->call, "hook", hook_of(&c->call));

	return rc == DNSPROOF_OK ? settings_check(&c->call) : rc;
}

static const struct dnsproof_option options[] = {
    {"hook", DNSPROOF_REQUIRED, NULL, NULL, "absolute path of the hook program"},
    {"chain", DNSPROOF_BOOL, NULL, "no", "yes: several challenges in one run, as HOOK_CHAIN=yes"},
    HOOK_OPTIONS,
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("dehydratedhook", "runs the hook that you have for dehydrated",
           "https://github.com/dehydrated-io/dehydrated/blob/master/docs/examples/hook.sh"),
    HOOK_CALLS,
    .add = dehydratedhook_add,
    .del = dehydratedhook_del,
    .open = dehydratedhook_open,
    .batch = dehydratedhook_batch,
};
