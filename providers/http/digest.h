/* Digests and HMAC by name: md5, sha1, sha256, sha384, sha512. */
#pragma once

#include <stddef.h>

/* Octets into out, their number returned; 0 for an unknown name. */
size_t http_digest(const char *algorithm, const void *bytes, size_t n, unsigned char out[64]);
size_t http_hmac(const char *algorithm, const void *key, size_t key_len, const void *bytes, size_t n,
                 unsigned char out[64]);
