#include "config.h"

#include "common/b64.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static char *encode(const void *bytes, size_t n, const char *alphabet, bool pad)
{
	const uint8_t *in = bytes;
	char *text = xcalloc(n / 3 + 1, 4 + 1), *out = text;

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)in[i] << 16;

		v |= left > 1 ? (uint32_t)in[i + 1] << 8 : 0;
		v |= left > 2 ? in[i + 2] : 0;
		*out++ = alphabet[v >> 18];
		*out++ = alphabet[v >> 12 & 63];
		if (left > 1)
			*out++ = alphabet[v >> 6 & 63];
		if (left > 2)
			*out++ = alphabet[v & 63];
	}
	while (pad && (out - text) % 4)
		*out++ = '=';
	*out = '\0';
	return text;
}

char *b64url_encode(const void *bytes, size_t n)
{
	return encode(bytes, n, url, false);
}

char *b64_encode(const void *bytes, size_t n)
{
	return encode(bytes, n, standard, true);
}

char *hex_encode(const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *in = bytes;
	char *text = xcalloc(n + 1, 2);

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[in[i] >> 4];
		text[2 * i + 1] = digits[in[i] & 15];
	}
	return text;
}

struct decoder {
	const char *alphabet;
	uint8_t *out;
	size_t n;
	uint32_t bits;
	unsigned count; /* of bits held */
};

static bool decode_char(struct decoder *d, char c)
{
	const char *at = c ? strchr(d->alphabet, c) : NULL;

	if (!at)
		return false;
	d->bits = d->bits << 6 | (uint32_t)(at - d->alphabet);
	d->count += 6;
	if (d->count >= 8) {
		d->count -= 8;
		d->out[d->n++] = (uint8_t)(d->bits >> d->count);
		d->bits &= (1u << d->count) - 1;
	}
	return true;
}

static uint8_t *decode_end(struct decoder *d, bool good, size_t *n)
{
	if (!good || d->count == 6) {
		mem_wipe(d->out, d->n);
		free(d->out);
		return NULL;
	}
	d->out[d->n] = 0;
	*n = d->n;
	return d->out;
}

uint8_t *b64url_decode(const char *text, size_t *n)
{
	struct decoder d = {.alphabet = url, .out = xcalloc(strlen(text) + 1, 1)};
	bool good = true;

	for (; *text && good; text++)
		good = decode_char(&d, *text);
	return decode_end(&d, good && !d.bits, n);
}

uint8_t *b64_decode(const char *text, size_t *n)
{
	struct decoder d = {.alphabet = standard, .out = xcalloc(strlen(text) + 1, 1)};
	size_t chars = 0, pads = 0;
	bool good = true;

	for (; *text && good; text++) {
		if (isspace((unsigned char)*text))
			continue;
		if (*text == '=') {
			pads++;
			continue;
		}
		good = !pads && decode_char(&d, *text);
		chars++;
	}
	return decode_end(&d, good && (!pads || (pads < 3 && (chars + pads) % 4 == 0)), n);
}
