#include "config.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/mem.h"
#include "answer.h"
#include "digest.h"
#include "request.h"
#include "status.h"
#include "text.h"
#include "services.h"

/* What the first version of each struct had: for a size of 0. */
#define REQUEST_FIRST (offsetof(struct dnsproof_http_request, any_status) + sizeof(int))
#define ANSWER_FIRST  (offsetof(struct dnsproof_http_answer, headers) + sizeof(size_t))

static struct {
	char *provider;
	char *host, *asked; /* of the last request; its URL without query */
	struct strs urls;
	bool link_local;
	void (*mask_add)(const char *secret);
	char *(*mask_text)(const char *text);
	uint64_t ends;    /* of the call, ms */
	unsigned changes; /* requests of the call that may have changed something */
	unsigned requests;
} now;

static long long host_time(const struct dnsproof_call *call)
{
#ifdef TEST_HOOKS
	const char *set = getenv("DNSPROOF_TEST_TIME");

	if (set && *set)
		return strtoll(set, NULL, 10);
#endif
	return (long long)time(NULL);
}

static enum dnsproof_rc fail_words(const struct dnsproof_call *call, enum dnsproof_rc rc, const char *words)
{
	return call->host->fail(call, rc, "%s: %s", now.provider, words);
}

static void answer_give(struct dnsproof_http_answer *to, const struct dnsproof_http_answer *from)
{
	size_t size = to->size ? to->size : ANSWER_FIRST, given = to->size;

	memcpy(to, from, size < sizeof(*from) ? size : sizeof(*from));
	to->size = given;
}

static enum dnsproof_rc host_http_fail(const struct dnsproof_call *call,
                                       const struct dnsproof_http_answer *answer)
{
	enum dnsproof_rc rc = http_status_rc(answer->status);
	unsigned after = http_status_retry_after(answer, host_time(call));
	char *words =
	    http_status_words(answer, now.host ? now.host : "?", now.asked, host_time(call), now.mask_text);

	if (after)
		call->host->retry_after(call, after);
	rc = fail_words(call, rc == DNSPROOF_OK ? DNSPROOF_TEMP : rc, words);
	free(words);
	return rc;
}

static void trace(const struct dnsproof_call *call, const struct dnsproof_http_request *r,
                  const struct http_url *u, uint64_t began, const char *trouble)
{
	unsigned took = (unsigned)(clock_ms() - began);

	if (trouble)
		call->host->log(call, "%s %s%s: %s, %u ms", r->method, u->host, u->path, trouble, took);
	else
		call->host->log(call, "%s %s%s: HTTP %d, %zu octets, %u ms", r->method, u->host, u->path,
		                http_answer()->status, http_answer()->body_len, took);
}

static bool may_change(const struct dnsproof_http_request *r)
{
	return r->once || (strcmp(r->method, "GET") != 0 && strcmp(r->method, "HEAD") != 0);
}

static enum dnsproof_rc exchange(const struct dnsproof_call *call, const struct dnsproof_http_request *r,
                                 const struct http_url *u, struct dnsproof_http_answer *answer)
{
	uint64_t began = clock_ms();
	struct err e;
	bool ok;

	if (began >= now.ends) {
		err_set(&e, "%s: no time was left to ask it", u->host);
		return fail_words(call, DNSPROOF_TEMP, e.text);
	}
	now.requests++;
	ok = http_request_run(r, u, (unsigned)(now.ends - began), now.mask_add, &e);
	trace(call, r, u, began, ok ? NULL : "no answer");
	if (may_change(r) && (!ok || http_answer()->status < 400 || http_answer()->status >= 500))
		now.changes++;
	if (!ok)
		return fail_words(call, DNSPROOF_TEMP, e.text);
	answer_give(answer, http_answer());
	if (r->any_status || http_status_rc(http_answer()->status) == DNSPROOF_OK)
		return DNSPROOF_OK;
	return host_http_fail(call, http_answer());
}

static enum dnsproof_rc host_http(const struct dnsproof_call *call,
                                  const struct dnsproof_http_request *request,
                                  struct dnsproof_http_answer *answer)
{
	static const struct dnsproof_http_answer nothing = {.body = ""};
	struct dnsproof_http_request r = {0};
	size_t size = request->size ? request->size : REQUEST_FIRST;
	enum dnsproof_rc rc;
	struct http_url u;
	struct err e;

	answer_give(answer,
	            &nothing); /* the last one stays until this request, made of it perhaps, is sent */
	memcpy(&r, request, size < sizeof(r) ? size : sizeof(r));
	if (!http_request_check(&r, &e) || !http_url_parse(&u, r.url, &e))
		return fail_words(call, DNSPROOF_INVALID, e.text);
	free(now.host);
	free(now.asked);
	now.host = xstrdup(u.host);
	now.asked = xstrndup(r.url, strcspn(r.url, "?#"));
	if (http_url_allowed(&u, &now.urls, now.link_local, &e))
		rc = exchange(call, &r, &u, answer);
	else
		rc = fail_words(call, DNSPROOF_INVALID, e.text);
	http_url_free(&u);
	return rc;
}

static const char *host_http_header(const struct dnsproof_http_answer *answer, const char *name)
{
	return http_answer_find(answer, name);
}

static char *host_text(const struct dnsproof_call *call, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = http_text(format, args);
	va_end(args);
	return text;
}

static char *host_encode(const struct dnsproof_call *call, const char *kind, const void *bytes, size_t n)
{
	return http_encode(kind, bytes, n);
}

static void services_fill(struct dnsproof_host *host)
{
	host->http = host_http;
	host->http_fail = host_http_fail;
	host->http_header = host_http_header;
	host->text = host_text;
	host->encode = host_encode;
	host->digest = http_digest;
	host->hmac = http_hmac;
	host->time = host_time;
}

static bool services_start(const struct services_plan *plan, struct err *e)
{
	if (!http_request_start(plan, e))
		return false;
	now.provider = xstrdup(plan->provider);
	now.link_local = plan->link_local;
	now.mask_add = plan->mask_add;
	now.mask_text = plan->mask_text;
	for (size_t i = 0; i < plan->urls->n; i++)
		strs_add(&now.urls, plan->urls->at[i]);
	return true;
}

static void services_call_begin(unsigned ms)
{
	now.ends = clock_ms() + ms;
	now.changes = 0;
}

static void services_call_end(void)
{
	http_text_end();
	http_answer_clear();
}

static unsigned services_changes(void)
{
	return now.changes;
}

static unsigned services_requests(void)
{
	unsigned n = now.requests;

	now.requests = 0;
	return n;
}

static void services_stop(void)
{
	http_request_stop();
	strs_free(&now.urls);
	free(now.provider);
	free(now.host);
	free(now.asked);
	memset(&now, 0, sizeof(now));
}

const struct services __attribute__((visibility("default"))) dnsproof_host_http = {
    .version = SERVICES_VERSION,
    .start = services_start,
    .fill = services_fill,
    .call_begin = services_call_begin,
    .call_end = services_call_end,
    .stop = services_stop,
    .changes = services_changes,
    .requests = services_requests,
};
