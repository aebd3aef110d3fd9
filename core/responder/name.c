#include "config.h"

#include "responder/name.h"

#include <string.h>

enum { LABEL_MOST = 63 };

static uint8_t lower(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet - 'A' + 'a') : octet;
}

bool name_from_wire(struct name *to, const uint8_t *octets, size_t n)
{
	size_t at = 0;

	to->labels = 0;
	while (at < n && at < NAME_MOST && octets[at] > 0) {
		size_t end = at + 1 + octets[at];

		if (octets[at] > LABEL_MOST || end >= n || end >= NAME_MOST)
			return false;
		to->label[to->labels++] = (uint8_t)at;
		to->octet[at] = octets[at];
		for (at++; at < end; at++)
			to->octet[at] = lower(octets[at]);
	}
	if (at >= n || at >= NAME_MOST)
		return false;
	to->octet[at] = 0;
	to->length = (uint8_t)(at + 1);
	return true;
}

bool name_from_text(struct name *to, const char *text)
{
	uint8_t wire[NAME_MOST] = {0};
	size_t at = 0, n = strlen(text);

	if (n > 0 && text[n - 1] == '.')
		n--;
	for (size_t i = 0; i < n;) {
		size_t length = 0;

		for (; i + length < n && text[i + length] != '.'; length++)
			if (text[i + length] <= ' ' || text[i + length] > '~' || text[i + length] == '\\')
				return false;
		if (!length || length > LABEL_MOST || at + length + 2 > NAME_MOST)
			return false;
		wire[at] = (uint8_t)length;
		memcpy(wire + at + 1, text + i, length);
		at += length + 1;
		i += length + 1;
		if (i == n)
			return false; /* two dots at the end */
	}
	return name_from_wire(to, wire, at + 1);
}

bool name_equal(const struct name *a, const struct name *b)
{
	return a->length == b->length && memcmp(a->octet, b->octet, a->length) == 0;
}

bool name_within(const struct name *a, const struct name *zone)
{
	size_t start;

	if (a->labels < zone->labels)
		return false;
	start = a->labels == zone->labels ? 0
	        : zone->labels            ? a->label[a->labels - zone->labels]
	                                  : (size_t)a->length - 1;
	return a->length - start == zone->length && memcmp(a->octet + start, zone->octet, zone->length) == 0;
}

void name_to_text(const struct name *n, char text[NAME_MOST + 1])
{
	size_t at = 0;

	for (size_t i = 0; i < n->labels; i++) {
		const uint8_t *label = n->octet + n->label[i];

		if (i)
			text[at++] = '.';
		for (size_t k = 1; k <= label[0]; k++)
			text[at++] = label[k] > ' ' && label[k] <= '~' ? (char)label[k] : '?';
	}
	text[at] = '\0';
}
