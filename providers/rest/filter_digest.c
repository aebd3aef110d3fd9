#include "config.h"

#include "filter_digest.h"

#include <string.h>

static bool digest(struct run *r, const char *algorithm, struct bytes *v)
{
	unsigned char out[64];
	size_t n = r->host->digest(algorithm, v->at, v->n, out);

	*v = (struct bytes){arena_copy(&r->arena, out, n), n};
	if (n)
		return true;
	run_fail(r, DNSPROOF_INVALID, "no %s on this system", algorithm);
	return false;
}

bool digest_md5(struct run *r, const char *a, struct bytes *v)
{
	return digest(r, "md5", v);
}

bool digest_sha1(struct run *r, const char *a, struct bytes *v)
{
	return digest(r, "sha1", v);
}

bool digest_sha256(struct run *r, const char *a, struct bytes *v)
{
	return digest(r, "sha256", v);
}

bool digest_sha512(struct run *r, const char *a, struct bytes *v)
{
	return digest(r, "sha512", v);
}

static bool hmac(struct run *r, const char *algorithm, const char *variable, struct bytes *v)
{
	const json_t *key = run_get(r, variable);
	unsigned char out[64];
	size_t n = 0;

	if (json_is_string(key))
		n = r->host->hmac(algorithm, json_string_value(key), json_string_length(key), v->at, v->n,
		                  out);
	*v = (struct bytes){arena_copy(&r->arena, out, n), n};
	explicit_bzero(out, sizeof(out));
	if (n)
		return true;
	run_fail(r, DNSPROOF_INVALID, "descriptor: no key %.40s for the signature", variable);
	return false;
}

bool hmac_md5(struct run *r, const char *a, struct bytes *v)
{
	return hmac(r, "md5", a, v);
}

bool hmac_sha1(struct run *r, const char *a, struct bytes *v)
{
	return hmac(r, "sha1", a, v);
}

bool hmac_sha256(struct run *r, const char *a, struct bytes *v)
{
	return hmac(r, "sha256", a, v);
}

bool hmac_sha512(struct run *r, const char *a, struct bytes *v)
{
	return hmac(r, "sha512", a, v);
}

static bool encode(struct run *r, const char *kind, struct bytes *v)
{
	*v = bytes_of(r->host->encode(r->call, kind, v->at, v->n));
	return true;
}

bool digest_hex(struct run *r, const char *a, struct bytes *v)
{
	return encode(r, "hex", v);
}

bool digest_base64(struct run *r, const char *a, struct bytes *v)
{
	return encode(r, "base64", v);
}

bool digest_base64url(struct run *r, const char *a, struct bytes *v)
{
	return encode(r, "base64url", v);
}

static int base64_digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at;

	c = c == '-' ? '+' : c == '_' ? '/' : c;
	at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

bool digest_unbase64(struct run *r, const char *a, struct bytes *v)
{
	char *out = arena_get(&r->arena, v->n + 1);
	unsigned bits = 0, have = 0;
	size_t n = 0;

	for (size_t i = 0; i < v->n && v->at[i] != '='; i++) {
		int digit = base64_digit(v->at[i]);

		if (digit < 0) {
			run_fail(r, DNSPROOF_TEMP, "what should be base64 is not");
			return false;
		}
		bits = bits << 6 | (unsigned)digit;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have & 0xff);
		}
	}
	out[n] = '\0';
	*v = (struct bytes){out, n};
	return true;
}
