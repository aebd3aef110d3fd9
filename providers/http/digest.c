#include "config.h"

#include "digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <strings.h>

static const EVP_MD *algorithm_find(const char *name)
{
	static const struct {
		const char *name;
		const EVP_MD *(*get)(void);
	} all[] = {
	    {"md5", EVP_md5},       {"sha1", EVP_sha1},     {"sha256", EVP_sha256},
	    {"sha384", EVP_sha384}, {"sha512", EVP_sha512},
	};

	for (size_t i = 0; name && i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcasecmp(name, all[i].name))
			return all[i].get();
	return NULL;
}

size_t http_digest(const char *algorithm, const void *bytes, size_t n, unsigned char out[64])
{
	const EVP_MD *md = algorithm_find(algorithm);
	unsigned len = 0;

	if (!md || EVP_Digest(n ? bytes : "", n, out, &len, md, NULL) != 1)
		return 0;
	return len;
}

size_t http_hmac(const char *algorithm, const void *key, size_t key_len, const void *bytes, size_t n,
                 unsigned char out[64])
{
	const EVP_MD *md = algorithm_find(algorithm);
	unsigned len = 0;

	if (!md || key_len > 1 << 20)
		return 0;
	if (!HMAC(md, key_len ? key : "", (int)key_len, n ? bytes : (const void *)"", n, out, &len))
		return 0;
	return len;
}
