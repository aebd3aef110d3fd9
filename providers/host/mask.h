/* Secret values, so that no message shows them. One set a process. */
#pragma once

#include <stddef.h>

/* Remembers a secret value: itself, also as it looks in a URL, in JSON and in base64, each of its lines,
 * and each part of it that looks like a key (16 characters or more of base64 or hexadecimal, e.g. the
 * secret inside a BIND key file; of a JSON object, each such part of its members but of those whose names say
 * domain, url, uri, email or project). Parts shorter than 4 characters are not masked. Copies. */
void mask_add(const char *secret);

/* New string: the text with every remembered value replaced by "***". */
char *mask_text(const char *text);

/* The same, then control characters replaced and cut to `most` octets: fit for a message. */
char *mask_line(const char *text, size_t most);

/* Wipes and forgets all. */
void mask_wipe(void);
