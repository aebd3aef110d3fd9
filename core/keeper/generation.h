/*
 * Generations of a certificate: certs/ID/gen-<UTC time>-<order tag>/ with privkey.pem cert.pem
 * chain.pem fullchain.pem combined.pem meta.json. Immutable once they have that name.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "keeper/folder.h"
#include "keeper/pair.h"

/* New string "gen-20261121T204500Z-TAG". */
char *generation_name(int64_t now, const char *order);

/* True if name is that of a generation; *order (may be NULL) points to the tag in it. */
bool generation_parse(const char *name, const char **order);

/* What meta.json says beside the certificate's own facts. */
struct generation {
	const char *order, *directory; /* directory: of the CA; NULL = not known */
	const char *profile;           /* that the CA was asked for; NULL: none */
	const struct strs *asked;      /* the names that were asked for */
};

/* Writes everything but privkey.pem, which is there, into an opened stage; what a dead attempt left
 * is replaced. Files are durable on success, the folder too. */
bool generation_write(const struct folder *stage, const struct generation *g, const struct chain *c,
                      const char *key_pem, const struct leaf *l, struct err *e);

/* New object: meta.json of a generation, {} when it cannot be read (older ones lack members). */
json_t *generation_meta(const struct folder *at, const char *name);

/* The folder of a second pair in a generation, by its key type: "rsa" or "ecdsa". A generation in itself, but without
 * a name of its own. */
const char *generation_subfolder(const char *type);
extern const char *const generation_subfolders[2];

/* Reads the PEM files back that generation_write() made of c and of the key in privkey.pem: true if each octet is as it
 * should be. */
bool generation_holds(const struct folder *stage, const struct chain *c, const char *key_pem, struct err *e);

/* Reads a generation back and checks that its files fit each other. Fills c and l (to be freed in
 * any case). */
bool generation_read(const struct folder *at, const char *name, struct chain *c, struct leaf *l,
                     struct err *e);

/* A CA has revoked it (the file `revoked` lies beside the pair): noted, durable; and asked for. */
bool generation_note_revoked(const struct folder *cert, const char *name, struct err *e);
bool generation_is_revoked(const struct folder *cert, const char *name);
