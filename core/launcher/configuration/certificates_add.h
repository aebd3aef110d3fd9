/* The certificates of a configuration: names are checked, an ID and a set of names stands once. */
#pragma once

#include "launcher/configuration/scope.h"

/* What a certificate is to be; words are borrowed, as typed. */
struct wanted {
	const char *id; /* NULL: the first name without "*." */
	char *const *name;
	size_t names;
	struct layer *layer;
	struct origin origin;
	struct origin wrong; /* out, on failure: where that stands which is wrong */
};

/* Adds it. False with e: "what, expected what". */
bool certificates_add(struct configuration *c, struct wanted *w, struct err *e);

/* Only the first n stay. */
void certificates_cut(struct configuration *c, size_t n);

/* A layer of its own for settings over `below`, which ends with the configuration. */
struct layer *certificates_layer(struct configuration *c, const struct layer *below);
