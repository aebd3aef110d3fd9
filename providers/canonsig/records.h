/*
 * The calls of a provider whose API has records with ids, over what one cloud must know: find the
 * zone, list the TXT records of a name, make one, delete one by its id.
 */
#pragma once

#include "exchange.h"
#include "provider.h"
#include "verdict.h"

#define RECORDS_MOST  100 /* TXT values at one name */
#define RECORDS_PAGES 50

/* Where a call works. */
struct place {
	const struct dnsproof_call *call;
	const char *zone, *name;
	const char *relative; /* "@" at the apex */
	const char *value;    /* that is added or deleted, or NULL */
	const char *zone_id;  /* set by zone(); the zone's name where the API needs no id */
};

struct records {
	struct {
		const char *id, *value;
	} at[RECORDS_MOST];
	size_t n;
};

/* The result codes of the ABI. All texts live until the call ends. */
struct cloud {
	/* Sets p->zone_id, or says NOZONE. */
	enum dnsproof_rc (*zone)(struct place *p);
	/* Adds every TXT record at exactly p->name, by records_pages(). */
	enum dnsproof_rc (*list)(struct place *p, struct records *found);
	/* Sets *id, or leaves it NULL if the API does not tell. A record that is there already is
	 * OK. */
	enum dnsproof_rc (*create)(const struct place *p, const struct dnsproof_txt *txt, const char **id);
	/* A record that is gone is OK. */
	enum dnsproof_rc (*remove)(const struct place *p, const char *id);
};

/* For the module's table; `open` sets call.self to its struct cloud. */
enum dnsproof_rc records_add(struct dnsproof_txt_call *c);
enum dnsproof_rc records_del(struct dnsproof_txt_call *c);
enum dnsproof_rc records_list(struct dnsproof_list_call *c);
enum dnsproof_rc records_check(struct dnsproof_check_call *c);

/* Where things stand in the answers of one API: paths of keys as for verdict_at(). */
struct shape {
	const char *list;  /* an array */
	const char *total; /* a number: of all pages; NULL: there is one page */
	const char *name;
	const char *type; /* NULL: the API was asked for TXT and does not repeat it */
	const char *id;
	const char *value;
};

struct page {
	unsigned number; /* from 1 */
	size_t seen;     /* on the pages before */
	size_t got, total;
};

/* Asks for one page and hands the answer's JSON to records_take() or place_take(). */
typedef enum dnsproof_rc records_page(struct place *p, struct records *found, struct page *page);

/* Page after page until all are seen. */
enum dnsproof_rc records_pages(struct place *p, struct records *found, records_page *page);
/* Takes the TXT records whose name is `name` from a page. What is not of the shape ends the call.
 */
enum dnsproof_rc records_take(const struct place *p, struct records *found, const json_t *json,
                              const struct shape *shape, const char *name, struct page *page);
/* Takes the id of the zone named p->zone from a page of zones (name and id of the shape), if it is
 * there. */
enum dnsproof_rc place_take(struct place *p, const json_t *json, const struct shape *shape,
                            struct page *page);
/* NOZONE, with words, if no page had it. */
enum dnsproof_rc place_found(const struct place *p);
/* "ZONE: the answer is not what the API's documentation says". */
enum dnsproof_rc records_odd(const struct place *p, const char *what);
