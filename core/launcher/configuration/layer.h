/* Settings over settings: what a certificate says, over what its list entry says, over `defaults`. */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "common/spec/spec.h"

/* The place where something is said. */
struct origin {
	uint32_t file, line;
};

struct given {
	enum spec_key key;
	struct origin origin;
	json_t *value; /* owned. null: `none`; in a list null stands for the word `defaults` */
};

struct layer {
	const struct layer *below; /* what holds where nothing is given; NULL: the standards */
	struct given *at;
	size_t n;
	json_t *settings; /* made by layer_certificate(); owned, or NULL */
	struct layer *over,
	    *next; /* borrowed: what DNS accounts say over this one (account_keys.c), and the next of these */
};

/* value is stolen; that of a key which is there already is replaced. */
void layer_put(struct layer *l, enum spec_key key, struct origin origin, json_t *value);
void layer_clear(struct layer *l);

/* The topmost one that gives the key; NULL. */
const struct given *layer_given(const struct layer *l, enum spec_key key);

/* What holds: new reference; NULL when nothing does (emptied by `none`, or neither given nor with a standard). */
json_t *layer_value(const struct layer *l, enum spec_key key);

/* What a run is told of a certificate (SPEC_CERTIFICATE; what is not given is left out): borrowed, made once. */
const json_t *layer_certificate(struct layer *l);
