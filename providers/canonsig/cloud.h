/*
 * What one cloud must say so that its API can be used: how a question is signed, what its answers
 * look like, and which questions find a zone and work on the TXT records of a name. A module defines
 * `cloud`; records.h and sets.h work over it. All texts live until the call ends.
 */
#pragma once

#include "exchange.h"
#include "shared/module.h"
#include "verdict.h"

/* Where a call works. */
struct place {
	const struct dnsproof_call *call;
	const char *zone, *name;
	const char *relative; /* "@" at the apex; NULL: only the zone is asked about */
	const char *value;    /* that is added or deleted, or NULL */
	const char *zone_id;  /* set by place_zone(); the zone's name where the API needs no id */
};

struct page {
	unsigned number;    /* from 1 */
	size_t seen;        /* on the pages before */
	const char *marker; /* of the page before, NULL at first */
	size_t got, total;
};

struct ask {
	const char *method;
	const char *action; /* the operation, or the path */
	const char *query;  /* encoded; NULL: none */
	json_t *body;       /* stolen; NULL: none */
	const char *fine;   /* an error whose code fits is OK too, without an answer */
	int absent_is_fine; /* so is status 404 */
};

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
	void (*sign)(const struct place *p, const struct ask *ask, struct signing *s);

	const char *code[2], *message[2]; /* of an error; the second where there is no first */
	const char *fault;                /* a number that is 0 where the error is none */
	const char *good;                 /* the object that an answer is, NULL: the whole */
	const char *proof;                /* a text that every good one has, or NULL */
	const struct verdict_word *words;

	struct {
		struct ask (*find_zone)(const struct place *p, const struct page *page);
		/* The rest is of clouds with records.h. */
		struct ask (*list)(const struct place *p, const struct page *page);
		/* A record that is there already is OK. */
		struct ask (*create)(const struct place *p, const struct dnsproof_txt *txt);
		/* A record that is gone is OK. */
		struct ask (*remove)(const struct place *p, const char *id);
	} asks;
	struct shape zones; /* without `list`: the API takes the zone's name, find_zone only tries it */
	struct element zone;
	struct shape records;
	struct element record;
	int whole_names;  /* of records; otherwise relative ones */
	const char *made; /* the record in the answer, with the key record.id; NULL: the answer is it */
	/* NULL, or what a good answer to create and remove still means. */
	enum dnsproof_rc (*judge)(const struct place *p, const struct ask *ask, const json_t *json);
};

extern const struct cloud cloud;

#define CLOUD_PAGES 50

/* Signs and sends; *json is the good answer (borrowed until the next request), NULL if it has no body or
 * the error was fine. */
enum dnsproof_rc cloud_ask(const struct place *p, struct ask ask, const json_t **json);
/* Page after page of `ask` until all are seen; `take` gets each answer. */
enum dnsproof_rc cloud_pages(struct place *p, void *found,
                             struct ask (*ask)(const struct place *p, const struct page *page),
                             const struct shape *shape,
                             enum dnsproof_rc (*take)(struct place *p, void *found, const json_t *list));
/* Sets p->zone_id, or says NOZONE. */
enum dnsproof_rc place_zone(struct place *p);
/* Letter case and a final dot do not count. */
int place_same_name(const char *a, const char *b);
/* "ZONE: the answer to WHAT is not what the API's documentation says". */
enum dnsproof_rc place_odd(const struct place *p, const char *what);
/* The text of a number. */
const char *place_number(const struct place *p, size_t n);
/* PATH, or PATH/ID with the id encoded. */
const char *place_path(const struct place *p, const char *path, const char *id);
