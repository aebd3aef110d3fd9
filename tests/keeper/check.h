/* What every test file here starts with. */
#pragma once

#include "unit.h"

#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"

/* Fails with the words of e when a call that should work did not. */
#define assert_ok(call, e)                                                                                   \
	do {                                                                                                 \
		if (!(call))                                                                                 \
			fail_msg("%s: %s", #call, (e)->text);                                                \
	} while (0)

/* Fails unless e speaks of `word`. */
#define assert_told(e, word)                                                                                 \
	do {                                                                                                 \
		if (!strstr((e)->text, word))                                                                \
			fail_msg("'%s' does not say '%s'", (e)->text, word);                                 \
	} while (0)

/* New path of an empty folder that temp_drop removes. */
char *temp_make(void);
void temp_drop(char *path); /* frees path */
