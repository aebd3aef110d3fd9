#include "config.h"

#include "status.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "answer.h"
#include "url.h"
#include "words.h"

#define WORDS_MOST 200
#define DAY_S      86400
#define SKEW_S     60

enum dnsproof_rc http_status_rc(int status)
{
	if (status >= 200 && status <= 299)
		return DNSPROOF_OK;
	switch (status) {
	case 401:
	case 402:
	case 403:
	case 407:
		return DNSPROOF_AUTH;
	case 404:
		return DNSPROOF_NOZONE;
	case 409:
	case 412:
		return DNSPROOF_CONFLICT;
	case 429:
		return DNSPROOF_RATE;
	case 408:
	case 423:
	case 425:
		return DNSPROOF_TEMP;
	}
	return status >= 300 && status <= 499 ? DNSPROOF_INVALID : DNSPROOF_TEMP;
}

/* Of the answer's Date header, -1 if there is none. */
static long long server_time(const struct dnsproof_http_answer *answer)
{
	const char *date = http_answer_find(answer, "date");

	return date ? (long long)curl_getdate(date, NULL) : -1;
}

unsigned http_status_retry_after(const struct dnsproof_http_answer *answer, long long now)
{
	const char *text = http_answer_find(answer, "retry-after");
	long long from = server_time(answer), until, left;

	if (!text)
		return 0;
	if (isdigit((unsigned char)*text)) {
		left = strtoll(text, NULL, 10);
	} else {
		until = (long long)curl_getdate(text, NULL);
		left = until < 0 ? 0 : until - (from >= 0 ? from : now);
	}
	return left < 0 ? 0 : left > DAY_S ? DAY_S : (unsigned)left;
}

static char *redirect_words(const struct dnsproof_http_answer *answer, const char *host)
{
	const char *to = http_answer_find(answer, "location");
	struct http_url u;
	char *words, *shown;

	if (!to)
		return xstrdup("a redirect to nowhere");
	if (!http_url_parse(&u, to, NULL))
		return xasprintf("it redirects %s, which is not followed; is the URL right?",
		                 strstr(to, "://") ? "to another place" : "within the same host");
	shown = str_printable(u.host, 100);
	words = xasprintf("it redirects to %s%s, which is not followed; is the URL right?", shown,
	                  strcmp(u.host, host) ? "" : " again");
	free(shown);
	http_url_free(&u);
	return words;
}

static char *provider_words(const struct dnsproof_http_answer *answer, char *(*mask)(const char *text))
{
	char *all = http_words(answer->json, answer->body, answer->body_len);
	char *masked = mask(all), *words = str_printable(masked, WORDS_MOST);

	mem_wipe_free(all);
	free(masked);
	return words;
}

static char *clock_words(const struct dnsproof_http_answer *answer, long long now)
{
	long long there = server_time(answer), ahead = now - there;

	if ((answer->status != 401 && answer->status != 403) || there < 0 ||
	    (ahead <= SKEW_S && ahead >= -SKEW_S))
		return xstrdup("");
	return xasprintf(" (this machine's clock is %lld s %s the server's, which may be the reason)",
	                 ahead < 0 ? -ahead : ahead, ahead < 0 ? "behind" : "ahead of");
}

/* A wrong path is seen when it is shown. */
static char *asked_words(const struct dnsproof_http_answer *answer, const char *asked,
                         char *(*mask)(const char *text))
{
	char *masked, *shown, *words;

	if (answer->status != 404 || !asked)
		return xstrdup("");
	masked = mask(asked);
	shown = str_printable(masked, WORDS_MOST);
	words = xasprintf(" (asked: %s)", shown);
	free(masked);
	free(shown);
	return words;
}

char *http_status_words(const struct dnsproof_http_answer *answer, const char *host, const char *asked,
                        long long now, char *(*mask)(const char *text))
{
	char *words = answer->status >= 300 && answer->status <= 399 && answer->status != 304
	                  ? redirect_words(answer, host)
	                  : provider_words(answer, mask);
	char *clock = clock_words(answer, now), *where = asked_words(answer, asked, mask);
	char *all =
	    xasprintf("%s: HTTP %d%s%s%s%s", host, answer->status, *words ? ": " : "", words, where, clock);

	free(words);
	free(where);
	free(clock);
	return all;
}
