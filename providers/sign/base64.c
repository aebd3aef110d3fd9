#include "base64.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

char *base64_text(const void *bytes, size_t n)
{
	char *text = malloc((n + 2) / 3 * 4 + 1);

	if (!text)
		abort();
	EVP_EncodeBlock((unsigned char *)text, bytes, (int)n);
	return text;
}

char *base64_url(const void *bytes, size_t n)
{
	char *text = base64_text(bytes, n);

	for (char *c = text; *c; c++)
		*c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c);
	text[strcspn(text, "=")] = '\0';
	return text;
}
