#include "tsig.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

enum { HEADER = 12, TYPE_TSIG = 250, CLASS_ANY = 255, ADDITIONALS_AT = 10 };

static const struct tsig_algorithm algorithms[] = {
    {"hmac-sha256", "hmac-sha256", "SHA256", 32}, {"hmac-sha512", "hmac-sha512", "SHA512", 64},
    {"hmac-sha384", "hmac-sha384", "SHA384", 48}, {"hmac-sha224", "hmac-sha224", "SHA224", 28},
    {"hmac-sha1", "hmac-sha1", "SHA1", 20},       {"hmac-md5", "hmac-md5.sig-alg.reg.int", "MD5", 16},
};

/* The fields of a TSIG record, pointing into the message. */
struct record {
	size_t at; /* where the record begins */
	uint8_t name[TSIG_NAME_MOST], algorithm[TSIG_NAME_MOST];
	size_t name_length, algorithm_length;
	uint64_t time;
	unsigned fudge, error;
	uint16_t original_id;
	const uint8_t *mac, *other;
	size_t mac_length, other_length;
};

struct cursor {
	const uint8_t *message;
	size_t at, end;
};

static bool name_is(const char *name, size_t n, const char *known)
{
	return n == strlen(known) && strncasecmp(name, known, n) == 0;
}

const struct tsig_algorithm *tsig_algorithm_find(const char *name, size_t n)
{
	if (n > 0 && name[n - 1] == '.')
		n--;
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
		if (name_is(name, n, algorithms[i].name) || name_is(name, n, algorithms[i].wire))
			return &algorithms[i];
	return NULL;
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

size_t tsig_name_wire(uint8_t wire[TSIG_NAME_MOST], const char *name, size_t n)
{
	if (n > 0 && name[n - 1] == '.')
		n--;
	if (n == 0 || n > TSIG_NAME_MOST - 2)
		return 0;

	size_t label = 0;
	for (size_t i = 0; i <= n; i++) {
		if (i < n && name[i] != '.') {
			if (name[i] == '\\' || name[i] <= ' ' || name[i] > '~')
				return 0;
			wire[i + 1] = lower((uint8_t)name[i]);
			continue;
		}
		size_t length = i - label;
		if (length == 0 || length > 63)
			return 0;
		wire[label] = (uint8_t)length;
		label = i + 1;
	}
	wire[n + 1] = 0;
	return n + 2;
}

void tsig_key_wipe(struct tsig_key *key)
{
	OPENSSL_cleanse(key, sizeof(*key));
}

static uint8_t *put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

static uint8_t *put48(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 6; i++)
		p[i] = (uint8_t)(v >> (40 - 8 * i));
	return p + 6;
}

static uint8_t *put(uint8_t *p, const void *octets, size_t n)
{
	if (n > 0)
		memcpy(p, octets, n);
	return p + n;
}

static unsigned get16(const uint8_t *p)
{
	return (unsigned)(p[0] << 8 | p[1]);
}

static uint64_t get48(const uint8_t *p)
{
	uint64_t v = 0;

	for (int i = 0; i < 6; i++)
		v = v << 8 | p[i];
	return v;
}

/* The TSIG variables of RFC 8945 section 4.3.3; at most 2 * 255 + 18 octets and `other`. */
static size_t variables_put(uint8_t *to, const struct record *r)
{
	uint8_t *p = put(to, r->name, r->name_length);

	p = put16(p, CLASS_ANY);
	p = put(p, "\0\0\0", 4);
	p = put(p, r->algorithm, r->algorithm_length);
	p = put48(p, r->time);
	p = put16(p, r->fudge);
	p = put16(p, r->error);
	p = put16(p, (unsigned)r->other_length);
	p = put(p, r->other, r->other_length);
	return (size_t)(p - to);
}

static bool hmac_begin(EVP_MAC_CTX *ctx, const struct tsig_key *key)
{
	OSSL_PARAM parameters[] = {
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)key->algorithm->digest, 0),
	    OSSL_PARAM_construct_end(),
	};

	return EVP_MAC_init(ctx, key->secret, key->secret_length, parameters) == 1;
}

/* The MAC over the request's MAC (NULL for a request), the message up to the record, with the ID and
 * the count of additional records as they were before signing, and the variables. */
static bool mac_make(const struct tsig_key *key, const struct tsig_mac *request, const uint8_t *message,
                     const struct record *r, unsigned additionals, struct tsig_mac *mac)
{
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
	uint8_t header[HEADER], prefix[2], variables[2 * TSIG_NAME_MOST + 18 + 6];
	bool ok = false;

	memcpy(header, message, HEADER);
	put16(header, r->original_id);
	put16(header + ADDITIONALS_AT, additionals);
	if (!ctx || !hmac_begin(ctx, key))
		goto out;
	if (request) {
		put16(prefix, (unsigned)request->length);
		if (EVP_MAC_update(ctx, prefix, 2) != 1 ||
		    EVP_MAC_update(ctx, request->octets, request->length) != 1)
			goto out;
	}
	ok = EVP_MAC_update(ctx, header, HEADER) == 1 &&
	     EVP_MAC_update(ctx, message + HEADER, r->at - HEADER) == 1 &&
	     EVP_MAC_update(ctx, variables, variables_put(variables, r)) == 1 &&
	     EVP_MAC_final(ctx, mac->octets, &mac->length, sizeof(mac->octets)) == 1 &&
	     mac->length == key->algorithm->length;
out:
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(hmac);
	return ok;
}

static void names_of_key(struct record *r, const struct tsig_key *key)
{
	const char *algorithm = key->algorithm->wire;

	r->name_length = tsig_name_wire(r->name, key->name, strlen(key->name));
	r->algorithm_length = tsig_name_wire(r->algorithm, algorithm, strlen(algorithm));
}

size_t tsig_sign(const struct tsig_key *key, uint8_t *message, size_t length, size_t room, uint64_t now,
                 struct tsig_mac *mac)
{
	struct record r = {.at = length, .time = now, .fudge = TSIG_FUDGE};

	if (length < HEADER || length > room)
		return 0;
	names_of_key(&r, key);
	size_t rdata = r.algorithm_length + 16 + key->algorithm->length;
	unsigned additionals = get16(message + ADDITIONALS_AT);
	if (r.name_length == 0 || room - length < r.name_length + 10 + rdata)
		return 0;
	r.original_id = (uint16_t)get16(message);
	if (!mac_make(key, NULL, message, &r, additionals, mac))
		return 0;

	uint8_t *p = put(message + length, r.name, r.name_length);
	p = put16(p, TYPE_TSIG);
	p = put16(p, CLASS_ANY);
	p = put(p, "\0\0\0", 4);
	p = put16(p, (unsigned)rdata);
	p = put(p, r.algorithm, r.algorithm_length);
	p = put48(p, now);
	p = put16(p, TSIG_FUDGE);
	p = put16(p, (unsigned)mac->length);
	p = put(p, mac->octets, mac->length);
	p = put16(p, r.original_id);
	p = put(p, "\0\0\0", 4);
	put16(message + ADDITIONALS_AT, additionals + 1);
	return (size_t)(p - message);
}

static bool name_skip(struct cursor *c)
{
	while (c->at < c->end) {
		uint8_t n = c->message[c->at];
		if (n >= 0xc0) {
			c->at += 2;
			return c->at <= c->end;
		}
		if (n > 63)
			return false;
		c->at += n + 1;
		if (n == 0)
			return c->at <= c->end;
	}
	return false;
}

/* A name of the TSIG record: compression is not allowed there (RFC 8945 section 4.2), but some
 * servers compress the owner; pointers are followed, each to an earlier place only. */
static bool name_read(struct cursor *c, uint8_t name[TSIG_NAME_MOST], size_t *length)
{
	size_t at = c->at, end = c->end, n = 0;
	bool jumped = false;

	while (at < end) {
		uint8_t l = c->message[at];
		if (l >= 0xc0) {
			if (at + 2 > end)
				return false;
			size_t to = (size_t)(l & 0x3f) << 8 | c->message[at + 1];
			if (to >= at)
				return false;
			if (!jumped)
				c->at = at + 2;
			jumped = true;
			end = at;
			at = to;
			continue;
		}
		if (l > 63 || at + 1 + l > end || n + 1 + l > TSIG_NAME_MOST)
			return false;
		name[n++] = l;
		for (size_t i = 0; i < l; i++)
			name[n++] = lower(c->message[at + 1 + i]);
		at += l + 1u;
		if (l == 0) {
			if (!jumped)
				c->at = at;
			*length = n;
			return true;
		}
	}
	return false;
}

static bool record_skip(struct cursor *c)
{
	if (!name_skip(c) || c->end - c->at < 10)
		return false;
	size_t rdata = get16(c->message + c->at + 8);
	c->at += 10;
	if (c->end - c->at < rdata)
		return false;
	c->at += rdata;
	return true;
}

/* Goes to the last record of the message. False if the message is broken before it. */
static bool last_record(struct cursor *c)
{
	const uint8_t *m = c->message;
	unsigned questions = get16(m + 4);
	unsigned records = get16(m + 6) + get16(m + 8) + get16(m + 10);

	c->at = HEADER;
	for (; questions > 0; questions--) {
		if (!name_skip(c) || c->end - c->at < 4)
			return false;
		c->at += 4;
	}
	for (; records > 1; records--)
		if (!record_skip(c))
			return false;
	return true;
}

static bool rdata_read(struct cursor *c, struct record *r)
{
	const uint8_t *m = c->message;

	if (!name_read(c, r->algorithm, &r->algorithm_length) || c->end - c->at < 10)
		return false;
	r->time = get48(m + c->at);
	r->fudge = get16(m + c->at + 6);
	r->mac_length = get16(m + c->at + 8);
	c->at += 10;
	r->mac = m + c->at;
	if (c->end - c->at < r->mac_length + 6)
		return false;
	c->at += r->mac_length;
	r->original_id = (uint16_t)get16(m + c->at);
	r->error = get16(m + c->at + 2);
	r->other_length = get16(m + c->at + 4);
	c->at += 6;
	r->other = m + c->at;
	return c->end - c->at == r->other_length && r->other_length <= 6;
}

static enum tsig_verdict record_read(const uint8_t *message, size_t length, struct record *r)
{
	struct cursor c = {.message = message, .end = length};

	if (length < HEADER)
		return TSIG_MALFORMED;
	if (get16(message + ADDITIONALS_AT) == 0)
		return TSIG_ABSENT;
	if (!last_record(&c))
		return TSIG_MALFORMED;
	r->at = c.at;
	if (!name_read(&c, r->name, &r->name_length) || c.end - c.at < 10)
		return TSIG_MALFORMED;
	const uint8_t *fixed = message + c.at;
	if (get16(fixed) != TYPE_TSIG)
		return TSIG_ABSENT;
	c.at += 10;
	if (get16(fixed + 2) != CLASS_ANY || memcmp(fixed + 4, "\0\0\0", 4) != 0 ||
	    c.end - c.at != get16(fixed + 8) || !rdata_read(&c, r))
		return TSIG_MALFORMED;
	return TSIG_GOOD;
}

static bool same_key(const struct record *r, const struct tsig_key *key)
{
	struct record ours = {0};

	names_of_key(&ours, key);
	return r->name_length == ours.name_length && memcmp(r->name, ours.name, ours.name_length) == 0 &&
	       r->algorithm_length == ours.algorithm_length &&
	       memcmp(r->algorithm, ours.algorithm, ours.algorithm_length) == 0;
}

static bool mac_right(const struct tsig_key *key, const struct tsig_mac *request, const uint8_t *message,
                      const struct record *r)
{
	struct tsig_mac mac;

	return r->mac_length == key->algorithm->length &&
	       mac_make(key, request, message, r, get16(message + ADDITIONALS_AT) - 1, &mac) &&
	       CRYPTO_memcmp(mac.octets, r->mac, mac.length) == 0;
}

static enum tsig_verdict error_told(const struct record *r, struct tsig_told *told)
{
	told->error = r->error;
	if (r->error == TSIG_BADTIME && r->other_length == 6)
		told->server_time = get48(r->other);
	return TSIG_ERROR;
}

enum tsig_verdict tsig_verify(const struct tsig_key *key, const uint8_t *message, size_t length,
                              const struct tsig_mac *request, uint64_t now, struct tsig_told *told)
{
	struct record r = {0};

	*told = (struct tsig_told){0};
	enum tsig_verdict verdict = record_read(message, length, &r);
	if (verdict != TSIG_GOOD)
		return verdict;
	told->authentic = same_key(&r, key) && mac_right(key, request, message, &r);
	if (r.error != 0)
		return error_told(&r, told);
	if (!same_key(&r, key))
		return TSIG_OTHER_KEY;
	if (!told->authentic)
		return TSIG_WRONG;
	told->signed_time = r.time;
	uint64_t apart = now > r.time ? now - r.time : r.time - now;
	return apart > r.fudge ? TSIG_SKEWED : TSIG_GOOD;
}
