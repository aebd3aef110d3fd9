/* Domain names in wire form (RFC 1035 3.1), lower case, for comparing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NAME_MOST = 255, LABELS_MOST = 127 };

struct name {
	uint8_t octet[NAME_MOST]; /* the root's zero included */
	uint8_t length;
	uint8_t label[LABELS_MOST]; /* where each label begins, from the left; the root is none */
	uint8_t labels;
};

/* From octets of a message, up to n of them; no compression. False when it is no name. */
bool name_from_wire(struct name *to, const uint8_t *octets, size_t n);

/* From text with or without trailing dot: printable ASCII without escapes. False when it is no name. */
bool name_from_text(struct name *to, const char *text);

bool name_equal(const struct name *a, const struct name *b);

/* Is a the same as zone or below it? */
bool name_within(const struct name *a, const struct name *zone);

/* Without trailing dot; octets that are no plain text become '?'. */
void name_to_text(const struct name *n, char text[NAME_MOST + 1]);
