/* A reply to a signed update. */
#include "fuzz/fuzz.h"
#include "message.h"
#include "tsig.h"

#define NOW 1800000000

static bool value_must(void *arg, const char *value, size_t length)
{
	fuzz_must(value != NULL && length <= 65535);
	return true;
}

static void read_reply(const uint8_t *octets, size_t n)
{
	struct reply *r = reply_parse(octets, n);
	char target[NAME_ROOM];

	if (!r)
		return;
	reply_rcode(r);
	reply_authoritative(r);
	reply_has_zone(r, "example.com");
	if (reply_alias(r, "_acme-challenge.example.com", target, sizeof(target)))
		fuzz_must(strlen(target) < sizeof(target));
	reply_values(r, "_acme-challenge.example.com", value_must, NULL);
	reply_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	struct tsig_key key = {.name = "acme-key", .secret = "0123456789abcdef", .secret_length = 16};
	struct tsig_mac mac = {.length = 32};
	struct tsig_told told;

	key.algorithm = tsig_algorithm_find("hmac-sha256", 11);
	/* Nothing that was not signed with the key is good. */
	fuzz_must(tsig_verify(&key, octets, n, &mac, NOW, &told) != TSIG_GOOD);
	if (!fuzz_has_two_tsigs(octets, n))
		read_reply(octets, n);
	return 0;
}
