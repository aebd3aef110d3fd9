/* Windows in which certificates are renewed: "[DAYS] HH:MM-HH:MM [ZONE]", such as "Mon-Fri 01:00-05:00 Europe/Berlin".
 * DAYS: Mon, Mon-Fri, Sat,Sun; a window over midnight belongs to the day on which it begins. Without ZONE in the time
 * zone of this process. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/openings.h"

#define RENEW_WINDOWS_MOST 24 /* of a certificate */

/* False with e, as setting_value has it. */
bool renew_window_fine(const char *text, struct err *e);

/* The windows of a certificate's settings, a comma between them; new, NULL: it has none. */
char *renew_window_text(const json_t *settings);

/* When these are open, some weeks from now on, and since yesterday; o is overwritten. A time zone that this machine does
 * not know is never open. */
void renew_window_openings(const json_t *settings, int64_t now, struct openings *o);

/* The same of many certificates, of which many have the same windows. Begins as {0}. */
struct renew_windows {
	struct {
		char *text;
		struct openings open;
	} at[16];
	size_t next;
};
/* NULL: it has none. Borrowed until the next call. */
const struct openings *renew_windows_of(struct renew_windows *all, const json_t *settings, int64_t now);
void renew_windows_free(struct renew_windows *all);
