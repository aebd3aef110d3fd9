/* IPv4 and IPv6 addresses as text. Pure. */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

#define ADDRESS_TEXT 64 /* room for an address with brackets */

/* A literal without brackets or zone id -> address with port 0. */
bool address_parse(const char *text, struct sockaddr_storage *address);

/* Fills text, IPv6 in brackets; false for other families. */
bool address_text(const struct sockaddr_storage *address, char text[ADDRESS_TEXT]);

/* "ADDR", "ADDR:PORT", "ADDR#PORT", "[ADDR6]", "[ADDR6]:PORT", "ADDR6", "ADDR6#PORT" -> address with its port or `port`. */
bool address_parse_port(const char *text, unsigned port, struct sockaddr_storage *address);
