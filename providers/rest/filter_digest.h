/* Filters that make and encode digests. False with the failure recorded. */
#pragma once

#include "run.h"

bool digest_md5(struct run *r, const char *a, struct bytes *v);
bool digest_sha1(struct run *r, const char *a, struct bytes *v);
bool digest_sha256(struct run *r, const char *a, struct bytes *v);
bool digest_sha512(struct run *r, const char *a, struct bytes *v);

/* a: the name of the variable that holds the key. */
bool hmac_md5(struct run *r, const char *a, struct bytes *v);
bool hmac_sha1(struct run *r, const char *a, struct bytes *v);
bool hmac_sha256(struct run *r, const char *a, struct bytes *v);
bool hmac_sha512(struct run *r, const char *a, struct bytes *v);

bool digest_hex(struct run *r, const char *a, struct bytes *v);
bool digest_base64(struct run *r, const char *a, struct bytes *v);
bool digest_base64url(struct run *r, const char *a, struct bytes *v);
bool digest_unbase64(struct run *r, const char *a, struct bytes *v);
