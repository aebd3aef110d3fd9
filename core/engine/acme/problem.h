/* Problem documents (RFC 7807, RFC 8555 section 6.7) and what class of failure each is. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_answer;

enum problem_class {
	PROBLEM_LATER,  /* 5xx, connection trouble, rateLimited: later, by itself */
	PROBLEM_NAME,   /* about a name: DNS, CAA, connection, unauthorized */
	PROBLEM_PERSON, /* only a person can mend it: account, terms, rejected identifier, EAB, ... */
	PROBLEM_BAD_NONCE,
	PROBLEM_UNTRUSTED, /* the certificate of the CA's server is not trusted */
	PROBLEM_NONSENSE,  /* an answer that no CA gives */
};

struct problem {
	char *type;     /* without "urn:ietf:params:acme:error:"; "" if none */
	char *detail;   /* printable */
	char *instance; /* URL or NULL */
	int status;     /* HTTP status, 0 if no answer */
	enum problem_class class;
	uint64_t retry_after_ms; /* of the answer that it came with; 0 = not said */
	struct problem_sub {
		char *type, *detail, *identifier; /* identifier may be NULL */
	} * sub;
	size_t subs;
};

/* Must a person mend it before another try makes sense? (Not so "malformed": the fault may be ours, or theirs.) */
bool problem_is_persons(const struct problem *p);

/* The body of an answer as a JSON object of at most 1 MiB, 32 levels and 30000 values; else NULL. New. */
json_t *problem_body_json(const char *body, size_t n);

/* From an HTTP answer that is no success. body may be anything (HTML of a CDN). New. */
struct problem *problem_parse(int status, const char *content_type, const char *body, size_t n);
/* From a JSON value (order.error, challenge.error); NULL gives NULL. New. */
struct problem *problem_from_json(const json_t *error, int status);
/* From a request that got no HTTP answer that is taken: what of the transport failed. New. */
struct problem *problem_unanswered(const struct http_answer *h);
/* One of our own. */
struct problem *problem_new(enum problem_class class, int status, const char *type, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
struct problem *problem_copy(const struct problem *p);
void problem_free(struct problem *p); /* NULL allowed */

/* "unauthorized: No TXT record found ...; www.example.com: dns: ..." with all subproblems. New. */
char *problem_text(const struct problem *p);
