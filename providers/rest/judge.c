#include "config.h"

#include "judge.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cond.h"
#include "path.h"

struct meaning {
	const char *word;
	int rc;
};

static const struct meaning meanings[] = {
    {"absent", STEP_ABSENT}, {"exists", STEP_EXISTS},       {"auth", DNSPROOF_AUTH},
    {"rate", DNSPROOF_RATE}, {"nozone", DNSPROOF_NOZONE},   {"conflict", DNSPROOF_CONFLICT},
    {"temp", DNSPROOF_TEMP}, {"invalid", DNSPROOF_INVALID},
};

#define MEANINGS (sizeof(meanings) / sizeof(meanings[0]))

/* A member of the step, else of the descriptor. */
static const json_t *either(struct run *r, const json_t *step, const char *key)
{
	const json_t *own = json_object_get(step, key);

	return own ? own : run_descriptor(r, key);
}

/* The provider's words, or NULL. */
static const char *words(struct run *r, const json_t *step, const struct answer *a)
{
	const json_t *error = either(r, step, "error"), *path;
	struct bytes text;
	size_t i;

	if (json_is_string(error)) {
		text = path_text(r, a, answer_root(a), json_string_value(error));
		return text.n ? text.at : NULL;
	}
	json_array_foreach(error, i, path)
	{
		text = path_text(r, a, answer_root(a), json_string_value(path));
		if (text.n)
			return text.at;
	}
	return NULL;
}

/* What is told of an answer: zone, status, the provider's words. */
static const char *story(struct run *r, const json_t *step, const struct answer *a)
{
	const char *said = words(r, step, a);
	const char *zone = json_string_value(json_object_get(r->vars, "zone"));

	return arena_printf(&r->arena, "%s%s%sHTTP %d: %.400s", zone ? "zone " : "", zone ? zone : "",
	                    zone ? ": " : "", a->status,
	                    said       ? said
	                    : *a->text ? a->text
	                               : "(it says nothing)");
}

static int fail(struct run *r, const json_t *step, const struct answer *a, int rc)
{
	return run_fail(r, rc, "%s", story(r, step, a));
}

/* A rate limit told by `means`: the pause is in the header, when it is a number. */
static void pause_take(struct run *r, const struct answer *a)
{
	const char *after = json_string_value(json_object_get(a->headers, "retry-after"));
	long seconds = after ? strtol(after, NULL, 10) : 0;

	if (seconds > 0 && seconds < 86400)
		r->host->retry_after(r->call, (unsigned)seconds);
}

/* The word in `means` that holds, or -1. */
static int meant(struct run *r, const json_t *means, const struct answer *a)
{
	for (size_t i = 0; i < MEANINGS; i++) {
		const json_t *cond = json_object_get(means, meanings[i].word);

		if (cond && cond_holds(r, a, cond, false))
			return meanings[i].rc;
	}
	return -1;
}

static bool says(const char *text, const char *const *phrases)
{
	for (; *phrases; phrases++)
		if (strcasestr(text, *phrases))
			return true;
	return false;
}

/* A success by status that failed by its body and that no `means` explains. */
static int guess(const char *said)
{
	static const char *const rate[] = {"too many", "rate limit", "throttl", "quota", NULL};
	static const char *const auth[] = {"auth",       "token",         "password", "credential",
	                                   "permission", "forbidden",     "api key",  "apikey",
	                                   "login",      "access denied", NULL};
	static const char *const temp[] = {"try again",   "temporar", "internal error",
	                                   "maintenance", "locked",   NULL};

	if (says(said, rate))
		return DNSPROOF_RATE;
	if (says(said, auth))
		return DNSPROOF_AUTH;
	return says(said, temp) ? DNSPROOF_TEMP : DNSPROOF_INVALID;
}

static int judge_status(struct run *r, const json_t *step, const struct dnsproof_http_answer *raw,
                        const struct answer *a)
{
	int rc = (int)r->host->http_fail(r->call, raw);

	return words(r, step, a) ? fail(r, step, a, rc) : rc;
}

/* A redirect, say, is right when the step's own condition speaks of the status and holds. */
static bool status_is_success(struct run *r, const json_t *step, const struct answer *a)
{
	const json_t *success = json_object_get(step, "success");
	const char *text = json_string_value(success);

	return text && strstr(text, "http_status") && cond_holds(r, a, success, false);
}

/* A condition over the whole descriptor is not written for this answer: it has no body, or an object without the
 * member that the condition names and without a word of an error. */
static bool is_silent(struct run *r, const json_t *step, const struct answer *a)
{
	const char *success = json_string_value(run_descriptor(r, "success"));
	struct node root = answer_root(a);
	size_t n;

	if (!success || json_object_get(step, "success") || !strncmp(success, "raw", 3))
		return false;
	if (!*a->text)
		return true;
	n = strcspn(success, " ");
	return json_object_size(root.json) > 0 && !strncmp(success + n, " == ", 4) &&
	       !path_one(r, a, root, arena_copy(&r->arena, success, n)) && !words(r, step, a);
}

int judge_answer(struct run *r, const json_t *step, const struct dnsproof_http_answer *raw,
                 const struct answer *a, bool absent_404)
{
	int rc = meant(r, json_object_get(step, "means"), a);
	const char *said;

	if (rc < 0)
		rc = meant(r, run_descriptor(r, "means"), a);
	if (rc < 0 && absent_404 && a->status == 404 &&
	    !json_object_get(json_object_get(step, "means"), "absent"))
		rc = STEP_ABSENT;
	r->said = rc >= STEP_ABSENT ? story(r, step, a) : NULL;
	if (rc >= STEP_ABSENT)
		return rc;
	if (rc == DNSPROOF_RATE)
		pause_take(r, a);
	if (rc >= 0)
		return fail(r, step, a, rc);
	if ((a->status < 200 || a->status >= 300) && !status_is_success(r, step, a))
		return judge_status(r, step, raw, a);
	if (cond_holds(r, a, either(r, step, "success"), true) || is_silent(r, step, a))
		return DNSPROOF_OK;
	said = words(r, step, a);
	return fail(r, step, a, guess(said ? said : a->text));
}
