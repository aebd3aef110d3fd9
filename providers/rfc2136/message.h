/* DNS messages in wire form, RFC 1035 and RFC 2136; ldns is used in message.c alone. Names are in
 * presentation format without trailing dot. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for a name of 255 octets as text, every octet escaped. */
enum { NAME_ROOM = 1100 };

enum { TYPE_SOA = 6, TYPE_TXT = 16 };
enum { OPCODE_QUERY = 0, OPCODE_UPDATE = 5 };

enum rcode {
	RCODE_NOERROR,
	RCODE_FORMERR,
	RCODE_SERVFAIL,
	RCODE_NXDOMAIN,
	RCODE_NOTIMP,
	RCODE_REFUSED,
	RCODE_YXDOMAIN,
	RCODE_YXRRSET,
	RCODE_NXRRSET,
	RCODE_NOTAUTH,
	RCODE_NOTZONE,
};

/* A message in wire form, in memory of its own with `room` octets. */
struct message {
	uint8_t *octets;
	size_t length, room;
	uint16_t id;
	unsigned opcode;
};

struct update;
struct reply;

/* An UPDATE of `zone` without changes, or NULL if that is no name. */
struct update *update_new(const char *zone);
void update_free(struct update *u); /* NULL allowed */

/* Add the value; delete exactly this value; demand that the TXT set of the name is this one value.
 * Values over 255 octets are split into character-strings. False if the name or value cannot be. */
bool update_add(struct update *u, const char *name, const char *value, uint32_t ttl);
bool update_del(struct update *u, const char *name, const char *value);
bool update_demand(struct update *u, const char *name, const char *value);

/* Puts the update, or a question, into wire form, with `spare` octets of room behind it for a
 * signature. message_clear() frees what it holds. False if it is too long or no name. */
bool update_message(const struct update *u, uint16_t id, size_t spare, struct message *m);
bool question_message(const char *name, unsigned type, uint16_t id, size_t spare, struct message *m);
void message_clear(struct message *m);

/* Parses the whole message or nothing (NULL). */
struct reply *reply_parse(const uint8_t *octets, size_t length);
void reply_free(struct reply *r); /* NULL allowed */

/* Whether it is a reply with this ID, opcode and, if it was a question that succeeded, question. */
bool reply_answers(const struct reply *r, const struct message *m);
unsigned reply_rcode(const struct reply *r);
bool reply_authoritative(const struct reply *r);

/* Whether the answer holds a SOA record of the zone, with authority. */
bool reply_has_zone(const struct reply *r, const char *zone);

/* The target of a CNAME at `name` in the answer; false if there is none. */
bool reply_alias(const struct reply *r, const char *name, char *target, size_t room);

/* Calls `each` for every TXT value at `name` in the answer, its character-strings joined;
 * `each` returns false to stop. */
void reply_values(const struct reply *r, const char *name,
                  bool (*each)(void *arg, const char *value, size_t length), void *arg);
bool reply_has_value(const struct reply *r, const char *name, const char *value);

/* The TTL of the TXT set at `name` in the answer, if it has a value other than `but`. */
bool reply_ttl(const struct reply *r, const char *name, const char *but, uint32_t *ttl);

/* "REFUSED", or "rcode 23"; static, valid until the next call. */
const char *rcode_name(unsigned rcode);
