#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "after.h"
#include "login.h"
#include "record.h"
#include "run.h"
#include "set.h"
#include "step.h"
#include "zone.h"

/* One operation of a call, made once more when a session or a zone's id turns out to be stale. */
struct job {
	const char *zone;
	const char *name; /* may be NULL */
	const char *value;
	unsigned ttl;
	int (*work)(struct run *r, struct job *j);
	struct dnsproof_txt *txt;
	const struct set_change *change;
	size_t changes;
	bool del;
	int *live;
	struct dnsproof_list_call *list;
};

static int job_try(struct run *r, struct job *j)
{
	int rc;

	run_set_txt(r, j->zone, j->name, j->value, j->ttl);
	rc = login_ready(r);
	if (rc == DNSPROOF_OK)
		rc = zone_find(r);
	if (rc == DNSPROOF_OK && j->name)
		run_set_txt(r, j->zone, j->name, j->value, j->ttl);
	return rc == DNSPROOF_OK ? j->work(r, j) : rc;
}

static void handle_write(const struct run *r, struct dnsproof_txt *txt)
{
	char *text = json_object_size(r->handle) ? json_dumps(r->handle, JSON_COMPACT) : NULL;

	txt->handle[0] = '\0';
	if (text && strlen(text) < sizeof(txt->handle))
		memcpy(txt->handle, text, strlen(text) + 1);
	free(text);
}

/* What means that something is there already, or is not, where nothing waited for that. */
static int settled(struct run *r, int rc)
{
	if (rc < STEP_ABSENT)
		return rc;
	return run_fail(r, rc == STEP_EXISTS ? DNSPROOF_CONFLICT : DNSPROOF_NOZONE, "%s",
	                r->said ? r->said : "the API's answer was not expected there");
}

static enum dnsproof_rc job_do(const struct dnsproof_call *call, struct job *j)
{
	struct account *a = call->self;
	int rc = DNSPROOF_TEMP;

	for (int tries = 0; tries < 2; tries++) {
		bool had_session = a->ready && json_object_get(a->descriptor, "login");
		bool again = false;
		struct run r;

		run_begin(&r, call, a);
		rc = settled(&r, job_try(&r, j));
		if (rc == DNSPROOF_AUTH && had_session) {
			account_forget(a);
			again = true;
		} else if (r.zone_remembered && rc == DNSPROOF_NOZONE) {
			zone_forget(&r);
			again = true;
		}
		if (rc == DNSPROOF_OK && j->txt && !j->del && !j->live)
			handle_write(&r, j->txt);
		run_end(&r);
		if (!again)
			break;
	}
	return (enum dnsproof_rc)rc;
}

static bool is_set(const struct run *r)
{
	return run_descriptor(r, "rrset") || run_descriptor(r, "whole_zone");
}

static int work_change(struct run *r, struct job *j)
{
	bool changed = false;
	int rc;

	if (is_set(r)) {
		const struct set_change change = {j->txt, j->del};

		rc = set_apply(r, j->zone, j->change ? j->change : &change, j->change ? j->changes : 1,
		               &changed);
	} else if (j->del) {
		rc = record_del(r, j->txt->handle, &changed);
	} else {
		rc = record_add(r, &changed);
	}
	return rc == DNSPROOF_OK ? after_call(r, changed) : rc;
}

static enum dnsproof_rc rest_change(struct dnsproof_txt_call *c, bool del)
{
	struct job j = {.zone = c->txt->zone,
	                .name = c->txt->name,
	                .value = c->txt->value,
	                .ttl = c->txt->ttl,
	                .work = work_change,
	                .txt = c->txt,
	                .del = del};

	return job_do(&c->call, &j);
}

static enum dnsproof_rc rest_add(struct dnsproof_txt_call *c)
{
	return rest_change(c, false);
}

static enum dnsproof_rc rest_del(struct dnsproof_txt_call *c)
{
	return rest_change(c, true);
}

static int work_check(struct run *r, struct job *j)
{
	const json_t *check = run_descriptor(r, "check");

	if (check)
		return step_list(r, check, NULL);
	if (run_descriptor(r, "zone") || !j->name)
		return DNSPROOF_OK;
	if (is_set(r))
		return set_check(r);
	if (run_descriptor(r, "find")) {
		struct results all;
		int rc = step_run_each(r, run_descriptor(r, "find"), STEP_404 | STEP_ANY_VALUE, &all);

		return rc == STEP_ABSENT ? DNSPROOF_OK : rc;
	}
	return DNSPROOF_OK;
}

static enum dnsproof_rc rest_check(struct dnsproof_check_call *c)
{
	static const char no_value[] = "-------------------------------------------";
	struct job j = {.zone = c->zone,
	                .name = c->name && *c->name ? c->name : NULL,
	                .value = no_value,
	                .ttl = 60,
	                .work = work_check};

	return job_do(&c->call, &j);
}

static void tell(void *arg, const char *value)
{
	struct dnsproof_list_call *list = arg;

	list->value(list, value, strlen(value));
}

static int work_list(struct run *r, struct job *j)
{
	return is_set(r) ? set_list(r, tell, j->list) : record_list(r, tell, j->list);
}

static enum dnsproof_rc rest_list(struct dnsproof_list_call *c)
{
	struct job j = {
	    .zone = c->zone, .name = c->name, .value = "", .ttl = 60, .work = work_list, .list = c};

	return job_do(&c->call, &j);
}

static int work_live(struct run *r, struct job *j)
{
	return after_live(r, j->live);
}

static enum dnsproof_rc rest_live(struct dnsproof_live_call *c)
{
	struct job j = {.zone = c->txt->zone,
	                .name = c->txt->name,
	                .value = c->txt->value,
	                .ttl = c->txt->ttl,
	                .work = work_live,
	                .txt = c->txt,
	                .live = &c->live};

	return job_do(&c->call, &j);
}

/* Those of the same name (all of them, for a whole zone) from `from` on go as one write. */
static enum dnsproof_rc batch_group(struct dnsproof_batch_call *c, size_t from, bool whole, bool *done)
{
	struct set_change *change = calloc(c->n, sizeof(*change));
	const struct dnsproof_txt *first = &c->change[from].txt;
	enum dnsproof_rc rc;
	struct job j = {.zone = c->zone,
	                .name = first->name,
	                .value = first->value,
	                .ttl = first->ttl,
	                .work = work_change,
	                .change = change};

	if (!change)
		_exit(70);
	for (size_t i = from; i < c->n; i++)
		if (!done[i] && (whole || !strcmp(c->change[i].txt.name, first->name)))
			change[j.changes++] = (struct set_change){&c->change[i].txt, c->change[i].del != 0};
	rc = job_do(&c->call, &j);
	for (size_t i = from; i < c->n; i++)
		if (!done[i] && (whole || !strcmp(c->change[i].txt.name, first->name))) {
			c->change[i].rc = rc;
			done[i] = true;
		}
	free(change);
	return rc;
}

/* For sets only; the host makes the changes of other APIs one by one. */
static enum dnsproof_rc rest_batch(struct dnsproof_batch_call *c)
{
	const struct account *a = c->call.self;
	bool *done = calloc(c->n, sizeof(*done)),
	     whole = json_object_get(a->descriptor, "whole_zone") != NULL;
	enum dnsproof_rc worst = DNSPROOF_OK;

	if (!done)
		_exit(70);
	for (size_t i = 0; i < c->n; i++) {
		enum dnsproof_rc rc = done[i] ? DNSPROOF_OK : batch_group(c, i, whole, done);

		if (rc != DNSPROOF_OK)
			worst = rc;
	}
	free(done);
	return worst;
}

static enum dnsproof_rc rest_open(struct dnsproof_open_call *c)
{
	struct account *a = account_new(&c->call, c->descriptor);

	if (!a)
		return DNSPROOF_INVALID;
	a->ready = !json_object_get(a->descriptor, "login") && !json_object_get(a->descriptor, "prepare") &&
	           !json_object_get(a->descriptor, "clock");
	c->call.self = a;
	return DNSPROOF_OK;
}

static void rest_close(struct dnsproof_call *call)
{
	struct run r;

	if (!call->self)
		return;
	run_begin(&r, call, call->self);
	login_end(&r);
	run_end(&r);
	account_free(call->self);
	call->self = NULL;
}

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD,
    .name = "rest",
    .summary = "HTTP APIs by descriptors; not a provider by itself",
    .url = "dnsproof-descriptor(5)",
    .replaces = DNSPROOF_ZONE,
    .add = rest_add,
    .del = rest_del,
    .open = rest_open,
    .check = rest_check,
    .list = rest_list,
    .batch = rest_batch,
    .live = rest_live,
    .close = rest_close,
    .uses_http = 1,
};
