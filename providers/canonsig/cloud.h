/*
 * What one cloud must say so that its API can be used: how a question is signed, what its answers
 * look like, and which questions find a zone and work on the TXT records of a name. A module defines
 * `cloud`; records.h and sets.h work over it. All texts live until the call ends.
 */
#pragma once

#include "exchange.h"
#include "question.h"
#include "shared/module.h"
#include "verdict.h"

/* Where a list and what is known of its pages stand in an answer: paths of keys as for verdict_at(). */
struct shape {
	const char *list;   /* an array */
	const char *total;  /* a number: of all pages; NULL: there is one page, or the next says whether */
	const char *more;   /* true: there is a page behind this one */
	const char *marker; /* of the next page */
};

/* Where things stand in an element of the list. */
struct element {
	const char *name, *id;
	const char *type; /* NULL: the API was asked for TXT and does not repeat it */
	const char *value;
};

/* An exchange and room for its headers. */
struct signing {
	struct exchange x;
	struct dnsproof_http_header header[2];
};

struct cloud {
	const char *endpoint; /* where the option `endpoint` is not set */
	const char *service, *version;
	struct {
		const char *id, *secret, *token; /* options */
	} key;
	/* Sets the profile of the signature, the path, and what the cloud wants besides. Method, query, body
	 * and what is above are set. */
	void (*sign)(const struct place *p, const char *action, struct signing *s);

	const char *code[2], *message[2]; /* of an error; the second where there is no first */
	const char *fault;                /* a number that is 0 where the error is none */
	const char *good;                 /* the object that an answer is, NULL: the whole */
	const char *proof;                /* a text that every good one has, or NULL */
	const struct verdict_word *words;

	struct question find_zone;
	struct {
		struct question list;
		struct question create; /* a record that is there already is OK */
		struct question remove; /* a record that is gone is OK */
	} record_calls;                 /* of clouds with records.h */
	struct shape zones; /* without `list`: the API takes the zone's name, find_zone only tries it */
	struct element zone;
	struct shape records;
	struct element record;
	int whole_names;  /* of records; otherwise relative ones */
	const char *made; /* the record in the answer, with the key record.id; NULL: the answer is it */
	/* NULL, or what a good answer to create and remove still means. */
	enum dnsproof_rc (*judge)(const struct place *p, const char *action, const json_t *json);
};

extern const struct cloud cloud;

#define CLOUD_PAGES 50

/* What the tables of these modules have in common. */
#define CLOUD_CALLS(replaces_, add_, del_, list_)                                                            \
	.replaces = replaces_, .add = add_, .del = del_, .check = cloud_check, .list = list_, .uses_http = 1

/* Options that several have, each in words of its own. */
#define CLOUD_ID(key, environment, help)                                                                     \
	{                                                                                                    \
		key, DNSPROOF_REQUIRED, environment, NULL, help                                              \
	}
#define CLOUD_SECRET(key, environment, help)                                                                 \
	{                                                                                                    \
		key, DNSPROOF_REQUIRED | DNSPROOF_SECRET, environment, NULL, help                            \
	}
#define CLOUD_TOKEN(key, help)                                                                               \
	{                                                                                                    \
		key, DNSPROOF_SECRET, NULL, NULL, help                                                       \
	}
#define CLOUD_ENDPOINT(url)                                                                                  \
	{                                                                                                    \
		"endpoint", DNSPROOF_URL, NULL, NULL, "another API endpoint" url " if not set"               \
	}

/* Headers of s with the operation and the API's version under their names, to be signed or not; *n: how many. */
const struct dnsproof_http_header *signing_headers(struct signing *s, const char *action_name,
                                                   const char *action, const char *version_name, size_t *n);
/* Signs and sends; *json is the good answer (borrowed until the next request), NULL if it has no body or
 * the error was fine. */
enum dnsproof_rc cloud_ask(const struct place *p, const struct question *q, const json_t **json);
/* Page after page until all are seen; `take` gets each answer. */
enum dnsproof_rc cloud_pages(struct place *p, void *found, const struct question *q,
                             const struct shape *shape,
                             enum dnsproof_rc (*take)(struct place *p, void *found, const json_t *list));
/* Sets p->zone_id, or says NOZONE. */
enum dnsproof_rc place_zone(struct place *p);
/* The call `check` of these modules. */
enum dnsproof_rc cloud_check(struct dnsproof_check_call *c);
