/* What `issue` made, by certificate ID: STATE/issued/ID.json. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

/* Members of the file, which a rename changes, too. */
#define CERTIFICATE_CONFIGURED_CA  "configured_ca"
#define CERTIFICATE_CONFIGURED_DNS "configured_dns"

struct certificate {
	struct strs names, dns; /* dns: names of DNS accounts */
	json_t *settings;       /* by the table of keys; `ca` is the name of a CA account */
	struct strs configured_ca,
	    configured_dns; /* what was given by its name in the configuration (by_name.h), as there */
};

/* Its backup_ca, the name of a CA account; NULL where it has none, or where that is its ca. */
const char *certificate_backup(const struct certificate *c);

/* Fills c. False with e empty when the ID is new, with e filled when its file is damaged. */
bool certificate_load(struct certificate *c, const char *state, const char *id, struct err *e);
bool certificate_write(const struct certificate *c, const char *state, const char *id, struct err *e);

/* Notes the DNS accounts of c, as they are used now, in what is remembered of it; nothing is done when that is other than
 * c in its names and configured_dns meanwhile. */
bool certificate_note_dns(const struct certificate *c, const char *state, const char *id, struct err *e);
void certificate_free(struct certificate *c);
