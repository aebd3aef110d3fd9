/* Where an account's secrets came from, for the words when the service refuses them. The secrets themselves are not
 * kept. */
#pragma once

#include "common/str.h"
#include "options.h"
#include "provider.h"

struct credentials {
	struct strs keys;    /* of options that are secrets */
	struct strs sources; /* of each, as a person would say it */
	struct strs helps;   /* of each option */
};

void credentials_note(struct credentials *c, const struct dnsproof_provider *p, const struct givens *given);
void credentials_free(struct credentials *c);

/* The words of a refusal with the sources and the remedy; new string. */
char *credentials_words(const struct credentials *c, const struct dnsproof_provider *p, const char *zone,
                        const char *message);
