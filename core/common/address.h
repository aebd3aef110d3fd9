/* IPv4 and IPv6 addresses as text. Pure. */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

#include "common/err.h"

#define ADDRESS_TEXT 64 /* room for an address with brackets */

/* A literal without brackets or zone id -> address with port 0. */
bool address_parse(const char *text, struct sockaddr_storage *address);

/* Fills text, IPv6 in brackets; false for other families. */
bool address_text(const struct sockaddr_storage *address, char text[ADDRESS_TEXT]);

enum address_family { ADDRESS_ANY, ADDRESS_IPV4, ADDRESS_IPV6 };

/* Of which family the addresses are that may be connected to: as `word` says (any, ipv4 or ipv6; NULL: any) and `source`
 * is, the literal from which connections come (NULL: the system chooses). False with e: what is wrong with them. */
bool address_family_read(const char *source, const char *word, enum address_family *family, struct err *e);

/* Is the literal, without brackets, of that family? */
bool address_is_of(const char *literal, enum address_family family);

/* "IPv4", "IPv6". */
const char *address_family_name(enum address_family family);

/* "ADDR", "ADDR:PORT", "ADDR#PORT", "[ADDR6]", "[ADDR6]:PORT", "ADDR6", "ADDR6#PORT" -> address with its port or `port`. */
bool address_parse_port(const char *text, unsigned port, struct sockaddr_storage *address);
