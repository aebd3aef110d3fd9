/* TSIG, RFC 8945: signs a DNS message in wire form and verifies the reply to it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TSIG_FUDGE       300  /* seconds, RFC 8945 section 10 */
#define TSIG_NAME_MOST   255  /* octets of a name in wire form */
#define TSIG_SECRET_MOST 1024 /* octets */
#define TSIG_MAC_MOST    64   /* octets, hmac-sha512 */

struct tsig_algorithm {
	const char *name;   /* as people write it: "hmac-sha256" */
	const char *wire;   /* as it stands on the wire, without trailing dot */
	const char *digest; /* as OpenSSL calls it */
	size_t length;      /* octets of the MAC */
};

/* One key. Holds no pointers of its own; wipe with tsig_key_wipe(). */
struct tsig_key {
	char name[256]; /* lower case, without trailing dot */
	const struct tsig_algorithm *algorithm;
	uint8_t secret[TSIG_SECRET_MOST];
	size_t secret_length;
};

struct tsig_mac {
	uint8_t octets[TSIG_MAC_MOST];
	size_t length;
};

enum tsig_verdict {
	TSIG_GOOD,      /* the MAC is right, its time within the fudge, and no error told */
	TSIG_ABSENT,    /* the message has no TSIG record */
	TSIG_MALFORMED, /* the message cannot be walked, or the record is not as it must be */
	TSIG_OTHER_KEY, /* signed with another key or algorithm than the request */
	TSIG_WRONG,     /* the MAC is not right (or shortened) */
	TSIG_SKEWED,    /* the MAC is right, but signed at a time too far from ours */
	TSIG_ERROR,     /* the server tells a TSIG error, see `error` */
};

enum tsig_error { TSIG_BADSIG = 16, TSIG_BADKEY = 17, TSIG_BADTIME = 18, TSIG_BADTRUNC = 22 };

/* What the TSIG record of a reply says. */
struct tsig_told {
	unsigned error;       /* enum tsig_error or another number; valid for TSIG_ERROR */
	bool authentic;       /* the MAC was there and right */
	uint64_t signed_time; /* seconds since 1970; valid for TSIG_SKEWED */
	uint64_t server_time; /* with TSIG_BADTIME: the server's clock; 0 if not told */
};

/* The algorithm called `name` (n octets, any letter case, "hmac-md5" and its long name, a trailing
 * dot allowed), or NULL. */
const struct tsig_algorithm *tsig_algorithm_find(const char *name, size_t n);

/* Puts `name` (n octets) into wire form, lower case; escapes are not known. Returns the length, 0 if
 * it is not a name. */
size_t tsig_name_wire(uint8_t wire[TSIG_NAME_MOST], const char *name, size_t n);

void tsig_key_wipe(struct tsig_key *key);

/* Appends a TSIG record to the message of `length` octets in a buffer of `room` and counts it in the
 * header. `mac` gets the MAC, for the reply. Returns the new length, 0 if there is no room or the
 * crypto library refuses the algorithm. */
size_t tsig_sign(const struct tsig_key *key, uint8_t *message, size_t length, size_t room, uint64_t now,
                 struct tsig_mac *mac);

/* Judges the reply to a request that was signed with `key` and got the MAC `request`. */
enum tsig_verdict tsig_verify(const struct tsig_key *key, const uint8_t *message, size_t length,
                              const struct tsig_mac *request, uint64_t now, struct tsig_told *told);
