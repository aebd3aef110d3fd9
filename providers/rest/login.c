#include "config.h"

#include "login.h"

#include <stdlib.h>
#include <string.h>

#include "path.h"
#include "step.h"

#define SECRET_LEAST 6 /* shorter ones are numbers and words, not sessions */

/* What a login refuses, it refuses for its credentials. */
static int as_auth(int rc)
{
	return rc == DNSPROOF_INVALID || rc == DNSPROOF_NOZONE || rc >= STEP_ABSENT ? DNSPROOF_AUTH : rc;
}

static int clock_read(struct run *r, const json_t *clock)
{
	struct results all;
	long long theirs;
	int rc;

	if (!clock || r->account->clock_known)
		return DNSPROOF_OK;
	rc = step_run(r, clock, 0, &all);
	if (rc != DNSPROOF_OK)
		return rc >= STEP_ABSENT ? DNSPROOF_TEMP : rc;
	theirs = strtoll(path_text(r, &all.answer, answer_root(&all.answer),
	                           json_string_value(json_object_get(clock, "time")))
	                     .at,
	                 NULL, 10);
	if (theirs > 1000000000)
		r->account->clock_ahead = theirs - r->host->time(r->call);
	r->account->clock_known = true;
	return DNSPROOF_OK;
}

/* A session is as good as a password: no message shows it. */
static void hide(struct run *r)
{
	const json_t *const kept[] = {r->account->kept, r->account->cookies};

	for (size_t i = 0; i < 2; i++) {
		void *iter = json_object_iter((json_t *)kept[i]);

		for (; iter; iter = json_object_iter_next((json_t *)kept[i], iter)) {
			const char *text = json_string_value(json_object_iter_value(iter));

			if (text && strlen(text) >= SECRET_LEAST && strncmp(text, "https://", 8) != 0)
				r->host->secret(r->call, text);
		}
	}
}

int login_ready(struct run *r)
{
	struct account *a = r->account;
	const json_t *login = run_descriptor(r, "login"), *prepare = run_descriptor(r, "prepare");
	int rc;

	if (a->ready)
		return DNSPROOF_OK;
	rc = clock_read(r, run_descriptor(r, "clock"));
	if (rc == DNSPROOF_OK && login)
		rc = as_auth(step_list(r, login, a->kept));
	hide(r);
	if (rc == DNSPROOF_OK && prepare)
		rc = step_list(r, prepare, a->kept);
	if (rc == DNSPROOF_OK)
		a->ready = true;
	else
		account_forget(a);
	return rc;
}

void login_end(struct run *r)
{
	const json_t *logout = run_descriptor(r, "logout");

	if (logout && run_descriptor(r, "login") && r->account->ready)
		step_list(r, logout, NULL);
}
