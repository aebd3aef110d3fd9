#include "config.h"

#include "after.h"

#include <time.h>

#include "cond.h"
#include "step.h"
#include "template.h"

#define MOST_STANDARD  20
#define EVERY_STANDARD 500
#define EVERY_LEAST    100
#define SPARE_MS       2000 /* of the call's time is left */

static json_int_t number(const json_t *object, const char *key, json_int_t standard)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : standard;
}

static void pause_ms(json_int_t ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

static int wait_for_job(struct run *r, const json_t *wait)
{
	json_int_t most = number(wait, "most", MOST_STANDARD);
	json_int_t every = number(wait, "every_ms", EVERY_STANDARD);

	every = every < EVERY_LEAST ? EVERY_LEAST : every;
	for (json_int_t i = 0; i < most; i++) {
		struct results all;
		int rc;

		if (i)
			pause_ms(every);
		rc = step_run(r, wait, 0, &all);
		if (rc != DNSPROOF_OK)
			return rc >= STEP_ABSENT ? DNSPROOF_OK : rc;
		if (cond_holds(r, &all.answer, json_object_get(wait, "failed"), false))
			return run_fail(r, DNSPROOF_TEMP, "the provider's job failed: %.200s",
			                all.answer.text);
		if (cond_holds(r, &all.answer, json_object_get(wait, "until"), true))
			return DNSPROOF_OK;
		if (run_ms_left(r) < every + SPARE_MS)
			break;
	}
	return run_fail(r, DNSPROOF_TEMP, "the provider's job is not finished yet");
}

/* Somebody may have ended between a change and its commit, so what is as it should be is published, too. */
static bool commits_anyway(struct run *r, const json_t *commit)
{
	const json_t *step = json_is_array(commit) ? json_array_get(commit, 0) : commit;
	const char *request = json_string_value(json_object_get(step, "request"));

	return request && !json_is_true(json_object_get(step, "optional")) && template_ready(r, request);
}

int after_call(struct run *r, bool changed)
{
	const json_t *commit = run_descriptor(r, "commit"), *wait = run_descriptor(r, "wait");
	int rc = DNSPROOF_OK;

	if (commit && (changed || commits_anyway(r, commit)))
		rc = step_list(r, commit, NULL);
	if (rc == DNSPROOF_OK && changed && wait)
		rc = wait_for_job(r, wait);
	return rc;
}

int after_live(struct run *r, int *live)
{
	const json_t *step = run_descriptor(r, "live");
	struct results all;
	int rc = step_run(r, step, STEP_404, &all);

	if (rc == DNSPROOF_OK)
		*live = cond_holds(r, &all.answer, json_object_get(step, "until"), true);
	return rc >= STEP_ABSENT ? DNSPROOF_OK : rc;
}
