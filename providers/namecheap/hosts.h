/* The host records of a domain at Namecheap: always read and written as a whole. */
#pragma once

#include "provider.h"

struct hosts {
	json_t *list;     /* array of objects of texts: Name, Type, Address, MXPref, TTL */
	const char *mail; /* EmailType, a text of the host, or NULL */
};

/* INVALID if there is a record that could not be written back as it is. *hosts is to be freed
 * always. */
enum dnsproof_rc hosts_read(const struct dnsproof_call *call, const char *zone, struct hosts *hosts);
enum dnsproof_rc hosts_write(const struct dnsproof_call *call, const char *zone, const struct hosts *hosts);
/* The same records, in whatever order? */
int hosts_are_same(const struct hosts *a, const struct hosts *b);
void hosts_free(struct hosts *hosts);
/* A member of a record, "" if it is not there. */
const char *hosts_text(const json_t *record, const char *member);
