/* A host for rest.so without network: requests and answers as a script. */
#pragma once

#include "provider.h"

/* Most exchanges have no headers. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* One request that is to come, as text, and its answer. */
struct exchange {
	const char *request; /* "METHOD URL", then "\nName: value" lines, then "\n\nbody" */
	int status;
	const char *body;
	const char *headers; /* "name: value\n..." or NULL */
};

struct world {
	struct dnsproof_open_call open;
	char *descriptor;
	char said[2000];   /* what fail() recorded last */
	char values[2000]; /* what list told, each with a newline */
	char handle[DNSPROOF_HANDLE_MOST];
	char secrets[500]; /* what was told to be secret, each with a newline */
	unsigned after;
	int live;
};

/* Checks the descriptor (YAML) as the provider host does and opens rest.so with it. options: JSON.
 * Fails the test when it is refused. */
void world_open(struct world *w, const char *yaml, const char *options);
void world_close(struct world *w);

/* What the checks say of a descriptor: "" if nothing. Static text. */
const char *world_refusal(const char *yaml);

/* The next requests must be exactly these; ended by a NULL request. */
void world_script(const struct exchange *script);

/* Each plays the script to its end, or fails the test. zone example.test, name _acme-challenge.example.test, TTL 60. */
enum dnsproof_rc world_add(struct world *w, const char *value);
enum dnsproof_rc world_del(struct world *w, const char *value, const char *handle);
enum dnsproof_rc world_list(struct world *w);
enum dnsproof_rc world_check(struct world *w);
enum dnsproof_rc world_live(struct world *w, const char *value);
enum dnsproof_rc world_batch(struct world *w, const char *add, const char *del);
/* The same for any name. */
enum dnsproof_rc world_add_at(struct world *w, const char *zone, const char *name, const char *value);
