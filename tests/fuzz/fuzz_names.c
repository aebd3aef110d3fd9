/* Names, patterns, addresses and URLs as a person or a CA gives them. */
#include "config.h"

#include "common/address.h"
#include "common/str.h"
#include "common/url.h"
#include "fuzz/fuzz.h"
#include "launcher/names.h"

/* What is normal stays as it is. */
static void normal(const char *text)
{
	struct err e;
	char *once = name_normalise(text, &e), *twice;

	if (!once)
		return;
	twice = name_normalise(once, &e);
	fuzz_must(twice && strcmp(once, twice) == 0 && strlen(once) <= 253);
	free(twice);
	free(once);
}

static void pattern(const char *text)
{
	struct err e;
	char *once = names_pattern(text, true, &e), *servers = names_servers(text, &e), *twice;

	if (once) {
		twice = names_pattern(once, true, &e);
		fuzz_must(twice && strcmp(once, twice) == 0);
		name_matches("_acme-challenge.www.example.test", once);
		free(twice);
	}
	free(once);
	free(servers);
}

static void address(const char *text)
{
	struct sockaddr_storage a, b;
	char plain[ADDRESS_TEXT];

	if (!address_parse_port(text, 53, &a))
		return;
	fuzz_must(address_text(&a, plain) && address_parse_port(plain, 53, &b) && a.ss_family == b.ss_family);
}

static void url(const char *text)
{
	unsigned port = 0;
	char *authority, *host;

	if (!url_valid(text))
		return;
	authority = url_authority(text);
	host = url_host(text, &port);
	fuzz_must(authority && host && *host && port >= 1 && port <= 65535 && url_same_host(text, text));
	free(authority);
	free(host);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	char *text = fuzz_text(octets, n), *shown = str_printable(text, 80);
	struct strs typed = {0}, names = {0};
	struct err e;

	fuzz_must(strlen(shown) <= 80);
	free(shown);
	normal(text);
	pattern(text);
	address(text);
	url(text);
	strs_add(&typed, text);
	if (names_check(&typed, &names, &e))
		free(names_id(text, &names, &e));
	strs_free(&typed);
	strs_free(&names);
	free(text);
	return 0;
}
