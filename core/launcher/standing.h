/* How a certificate stands: of what is published and wanted, and of the clock. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum standing {
	STANDING_OK,
	STANDING_DUE,
	STANDING_FAILING, /* the last try failed, and the next run tries again */
	STANDING_RESTING, /* the last try failed, and the next run does not try it yet */
	STANDING_MISSING, /* nothing is published */
	STANDING_EXPIRED,
	STANDING_PARKED, /* left alone, since its names have failed for so long */
	STANDING_LEFT,   /* it is wanted no more; its files are kept */
	STANDINGS
};

/* Why it is due. */
enum reason {
	REASON_NONE,
	REASON_NEW,
	REASON_REVOKED,
	REASON_NAMES,
	REASON_KEY,
	REASON_CA,
	REASON_PROFILE,
	REASON_AGE,
	REASON_ADVISED, /* as age, at the time that the CA suggested */
};

/* A series of failures. Times are seconds since 1970, 0 = not known. */
struct failure {
	char *id, *ca, *text; /* text: what happened last, or NULL */
	int64_t failures, next, since;
	bool person; /* only a person can mend it */
	bool parked; /* its certificate is */
};

/* Texts are borrowed. */
struct standing_certificate {
	const char *id, *ca;
	const char *issued_by; /* its account, ca or backup_ca, whose certificate is there; NULL: none */
	const char *next;      /* the backup_ca that the next order goes to; NULL: to ca */
	const char *key_type, *names, *dns; /* a blank between two or more of one */
	int64_t since, until;               /* 0: nothing is published */
	int64_t from;                       /* renewed from then on; 0 where nothing is published */
	bool advised;                       /* that was suggested by the CA */
	bool renews;                        /* no: `renew: no` */
	bool left;                          /* wanted no more */
	bool parked;                        /* no order is made for it */
	enum reason change; /* REASON_REVOKED to REASON_PROFILE: it is due whatever its age; else NONE */
	const struct failure *failure; /* NULL: none */
};

enum reason standing_reason(const struct standing_certificate *c, int64_t now);
enum standing standing_of(const struct standing_certificate *c, int64_t now);

const char *standing_word(enum standing s);
const char *reason_text(enum reason r,
                        const struct standing_certificate *c); /* "a third of its lifetime is left" */

/* Urgent is the last sixth of the lifetime, at most 7 days; critical the second half of that. */
bool standing_urgent(const struct standing_certificate *c, int64_t now);
bool standing_critical(const struct standing_certificate *c, int64_t now);
