/* All certificates that `renew` and its like work on. */
#pragma once

#include "common/err.h"
#include "common/str.h"
#include "launcher/certificate.h"

struct known_certificate {
	char *id;
	struct certificate cert;
	const char *origin; /* who says so: "issue"; static */
	bool renews;        /* no: `renew: no`, which means no contact with its CA */
};

struct certificates {
	struct known_certificate *at; /* sorted by ID */
	size_t n;
};

/* Reads what `issue` remembered; a message for each damaged file goes to `damaged`, and the others are there
 * nevertheless. False with e when the folder cannot be read. certificates_free in any case. */
bool certificates_load(struct certificates *all, const char *state, struct strs *damaged, struct err *e);
struct known_certificate *certificates_find(const struct certificates *all, const char *id); /* NULL */
void certificates_free(struct certificates *all);
