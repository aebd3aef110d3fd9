/* What the files of the scripted world share: answers that come a little later. */
#pragma once

#include <jansson.h>

#include "order_world.h"

extern struct world order_world_engine;

/* Something that answers later. */
struct later {
	struct loop_timer *timer;
	void (*fn)(struct later *l);
	void *callback, *arg;
	char *text, *more;
	json_t *payload;
	struct later *next;
};

/* fn is called a few milliseconds from now and frees the later itself. */
struct later *later(void (*fn)(struct later *l), void *callback, void *arg, const char *text);
void later_free(struct later *l);

void order_world_ca_open(void); /* everything forgotten */
void order_world_ca_close(void);
void order_world_ca_account(unsigned key);

#define HOST   "https://ca.test/"
#define BACKUP "https://backup.test/"

/* What the CA answers. */
struct reply {
	int status;
	json_t *json;
	const char *text; /* instead of json */
	const char *type, *retry_after;
	char location[100];
	bool lost;
	unsigned alternates; /* Link fields */
};

/* One letter of the method, and the path at the CA. Its texts are those of the first host. */
struct reply order_world_answer(const char *method, enum world_host host, const char *path, const char *body);

/* order_world_live.c: what the keeper says of a certificate, and the CA of that with an ID of RFC 9773 (NULL: it knows
 * none): as Boulder, around the last third of its lifetime, or the last half of a short one. New. */
json_t *order_world_facts(const char *id);
json_t *order_world_window(const char *cert_id);
/* Of a request of the keeper to publish: what is wrong with a pair, or NULL. */
const char *order_world_publish_pairs(const char *cert, const json_t *request, json_t *answer);
const char *order_world_chain(void); /* what is downloaded */
void order_world_live_close(void);

char *order_world_value(const char *token); /* the TXT value of a challenge; new */

void order_world_drop(const char *record); /* a record leaves the store */

void order_world_note_announced(bool is_add);
