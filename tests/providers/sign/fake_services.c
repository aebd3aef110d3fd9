#define _GNU_SOURCE
#include "fake_services.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *texts[65536];
static size_t n_texts;

static char *keep(char *text)
{
	if (!text || n_texts == sizeof(texts) / sizeof(texts[0]))
		abort();
	texts[n_texts++] = text;
	return text;
}

void fake_call_end(void)
{
	while (n_texts > 0)
		free(texts[--n_texts]);
}

static char *fake_text(const struct dnsproof_call *call, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	return keep(text);
}

static char *encode_path(const unsigned char *bytes, size_t n)
{
	char *text = malloc(3 * n + 1), *to = text;

	for (size_t i = 0; i < n; i++) {
		if (bytes[i] &&
		    strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", bytes[i]))
			*to++ = (char)bytes[i];
		else
			to += sprintf(to, "%%%02X", bytes[i]);
	}
	*to = '\0';
	return text;
}

static char *fake_encode(const struct dnsproof_call *call, const char *kind, const void *bytes, size_t n)
{
	char *text = malloc(3 * n + 8);

	if (!strcmp(kind, "hex")) {
		*text = '\0';
		for (size_t i = 0; i < n; i++)
			sprintf(text + 2 * i, "%02x", ((const unsigned char *)bytes)[i]);
	} else if (!strcmp(kind, "base64")) {
		EVP_EncodeBlock((unsigned char *)text, bytes, (int)n);
	} else if (!strcmp(kind, "path")) {
		free(text);
		text = encode_path(bytes, n);
	} else {
		abort();
	}
	return keep(text);
}

static size_t fake_digest(const char *algorithm, const void *bytes, size_t n, unsigned char out[64])
{
	unsigned length = 0;

	EVP_Digest(bytes ? bytes : "", n, out, &length, EVP_get_digestbyname(algorithm), NULL);
	return length;
}

static size_t fake_hmac(const char *algorithm, const void *key, size_t key_len, const void *bytes, size_t n,
                        unsigned char out[64])
{
	unsigned length = 0;

	HMAC(EVP_get_digestbyname(algorithm), key, (int)key_len, bytes, n, out, &length);
	return length;
}

static const struct dnsproof_host fake_host = {
    .size = sizeof(fake_host),
    .text = fake_text,
    .encode = fake_encode,
    .digest = fake_digest,
    .hmac = fake_hmac,
};

const struct dnsproof_call fake_call = {.size = sizeof(fake_call), .host = &fake_host};
