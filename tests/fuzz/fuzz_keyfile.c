/* A user's TSIG key in any of its forms. */
#include "fuzz/fuzz.h"
#include "keyfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	struct tsig_key key = {0}, none = {0};
	char *text = fuzz_text(octets, n);

	if (!keyfile_parse(&key, text, n, "file:/Kname.+163+1.private"))
		fuzz_must(key.algorithm && key.secret_length >= 1 && key.secret_length <= TSIG_SECRET_MOST &&
		          key.name[0] != '\0');
	else
		fuzz_must(memcmp(key.secret, none.secret, sizeof(key.secret)) == 0);
	tsig_key_wipe(&key);
	free(text);
	return 0;
}
