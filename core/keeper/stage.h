/* Keys that wait for their certificate: certs/ID/.new-ORDER/{privkey.pem,request.csr}. */
#pragma once

#include <openssl/evp.h>
#include <stdbool.h>

#include "keeper/csr.h"
#include "keeper/folder.h"
#include "keeper/setup.h"

/* True if text is an order's tag: 1..64 of a-z 0-9 -. */
bool stage_tag_ok(const char *text);

/* New string ".new-TAG". */
char *stage_name(const char *order);

/* Finds the key of an order in a certificate's folder. True with *csr its request (new string), or
 * NULL when there is no key yet; a request that is lost or damaged is made again. False when the key
 * is damaged or of another type. */
bool stage_find(const struct folder *cert, const char *order, const char *type, const struct csr_names *names,
                char **csr, struct err *e);

/* Writes a new key and its request; both are durable on success. *csr: new string. */
bool stage_save(const struct folder *cert, const char *order, EVP_PKEY *key, const struct csr_names *names,
                char **csr, struct err *e);

/* The private key of an opened stage or generation; NULL on failure. pem: the text as well, to be
 * released with mem_wipe_free(); may be NULL. */
bool stage_key_lost(const struct folder *stage); /* there is certainly none */
EVP_PKEY *stage_key(const struct folder *stage, char **pem, struct err *e);
