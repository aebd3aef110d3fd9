/* What a certificate's way through a run is told as. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/when.h"
#include "engine/limits/failures.h"
#include "engine/run/parts.h"

/* 0: it does not rest. */
static int64_t cert_rests_until(const struct run_cert *c, unsigned *failures)
{
	const struct failing f = {c->ca, c->cert->id, "", c->cert->depends};

	return failures_rest(c->run->e->turn, &f, failures);
}

void cert_event(struct run_cert *c, enum event_level level, const char *event, const char *text)
{
	launcher_event(c->run->e->launcher, level, event, json_pack("{s:s}", "cert", c->cert->id), "%s: %s",
	               c->cert->id, text);
}

void cert_say_pause(struct run_cert *c)
{
	unsigned failures;
	int64_t until = cert_rests_until(c, &failures);
	struct err text;
	char when[WHEN_ROOM];

	if (!until || !c->run->e->job->renew || c->run->winding_down)
		return;
	err_set(&text,
	        "not tried again before %s unless what it depends on is changed; dnsproof renew --retry %s "
	        "tries it at once",
	        when_text(until, when), c->cert->id);
	cert_event(c, EVENT_INFO, "backoff", text.text);
}

/* The account of the certificate whose directory that is; NULL: none. */
static const struct job_ca *cert_issuer(const struct run_cert *c, const char *directory)
{
	const char *const accounts[] = {c->cert->ca, c->cert->backup};

	for (size_t i = 0; directory && i < sizeof(accounts) / sizeof(accounts[0]); i++) {
		const struct job_ca *ca = accounts[i] ? job_ca(c->run->e->job, accounts[i]) : NULL;

		if (ca && strcmp(ca->directory, directory) == 0)
			return ca;
	}
	return NULL;
}

void cert_say_not_due(struct run_cert *c, const json_t *current, const struct due_dates *dates)
{
	const struct job *job = c->run->e->job;
	const struct job_ca *issuer =
	    cert_issuer(c, json_string_value(json_object_get(current, "directory")));
	const char *whose = dates->moved     ? ", in its renew_window"
	                    : dates->advised ? " as the CA suggests"
	                                     : "";
	char day[WHEN_ROOM], next[WHEN_ROOM];
	struct err text;

	err_set(&text,
	        "already have a certificate%s%s%s, valid until %s, renewal from %s%s; --force replaces it",
	        issuer ? " (" : "", issuer ? issuer->label : "", issuer ? ")" : "",
	        when_day(dates->until, day), when_day(dates->from, next), whose);
	cert_event(c, job->renew && !job->named ? EVENT_DEBUG : EVENT_INFO, "not-due", text.text);
}

void cert_say_due(struct run_cert *c, enum due due, const json_t *current, const struct due_dates *dates)
{
	const struct job_ca *ca = job_ca(c->run->e->job, c->ca);
	char *why = due_text(due, dates);
	struct err text;

	if (due == DUE_CA)
		err_set(&text, "the certificate there is from another CA (%.200s); replacing it by one of %s",
		        json_string_value(json_object_get(current, "directory")), ca ? ca->label : c->ca);
	else
		err_set(&text, "due: %s", why ? why : "");
	if (why && c->state == CERT_BUSY)
		cert_event(c, EVENT_INFO, "due", text.text);
	free(why);
}

bool cert_say_resting(struct run_cert *c)
{
	unsigned failures;
	int64_t until = cert_rests_until(c, &failures);
	struct err text;
	char when[WHEN_ROOM];

	if (!until)
		return false;
	err_set(&text, "resting until %s after %u failure%s; dnsproof renew --retry %s tries it at once",
	        when_text(until, when), failures, failures == 1 ? "" : "s", c->cert->id);
	cert_event(c, c->run->e->job->named ? EVENT_INFO : EVENT_DEBUG, "resting", text.text);
	return true;
}

char *cert_holder_words(const char *run)
{
	unsigned year, month, day, hour, minute, second;
	long pid;

	if (sscanf(run, "%4u%2u%2uT%2u%2u%2uZ-%ld-", &year, &month, &day, &hour, &minute, &second, &pid) != 7)
		return xasprintf("another dnsproof run (%s)", run);
	return xasprintf("another dnsproof run (pid %ld, since %04u-%02u-%02u %02u:%02u UTC)", pid, year,
	                 month, day, hour, minute);
}
