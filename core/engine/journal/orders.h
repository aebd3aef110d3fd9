/* One order as it is written down. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"
#include "common/str.h"

struct turn;

enum order_row_state {
	ORDER_ROW_WANTED,    /* newOrder may have been sent */
	ORDER_ROW_OPEN,      /* url is known */
	ORDER_ROW_FINALIZED, /* finalize may have been sent */
	ORDER_ROW_ISSUED,    /* the CA has the certificate; not published yet */
	ORDER_ROW_PUBLISHED,
	ORDER_ROW_FAILED,
	ORDER_ROW_ABANDONED, /* its authorizations are deactivated, or its URL was never known */
};

struct order_row {
	int64_t id;      /* 0 = not stored */
	char *run, *tag; /* tag: random, names the key in the keeper */
	char *cert, *ca_account, *names /* JSON array */, *key_type;
	char *url, *error; /* NULL = none */
	char *certificate; /* its URL once issued; NULL = not known */
	int64_t created, expires;
	enum order_row_state state;
};

void order_row_insert(struct turn *t, struct order_row *o);      /* fills id */
void order_row_store(struct turn *t, const struct order_row *o); /* state, url, error, certificate, expires */

/* Makes it a row not stored yet, with a new tag and without url and error. */
void order_row_renew(struct turn *t, struct order_row *o);

/* `run` takes over the unfinished orders (WANTED to ISSUED) of runs that are not among `alive`; fn gets each, the
 * newest first, borrowed. */
void order_row_adopt(struct turn *t, const char *run, const struct strs *alive,
                     void (*fn)(void *arg, const struct order_row *o), void *arg);

/* Abandons unfinished orders that no CA can know any more (FINALIZED and ISSUED ones are kept longest), so that they
 * are not loaded by every run. fn gets each, borrowed: its key can be discarded. To be called before adoption. */
void order_rows_expire(struct turn *t, void (*fn)(void *arg, const struct order_row *o), void *arg);

/* The certificate was had elsewhere: abandons its unfinished orders at the account. fn as above. */
void order_rows_leave(struct turn *t, const char *cert, const char *ca_account,
                      void (*fn)(void *arg, const struct order_row *o), void *arg);

/* The certificate is wanted no more: nobody goes on with its orders. */
void order_rows_forget(struct turn *t, const char *cert);

/* How often the challenge was posted, over all runs; and one more. */
int64_t challenge_posts(struct turn *t, const char *url);
void challenge_posted(struct turn *t, int64_t order, const char *url);

void order_row_copy(struct order_row *to, const struct order_row *from);
void order_row_clear(struct order_row *o); /* frees the strings */
