/* Opening a file of the configuration: the one place where the accepted copy may be read in its stead. */
#pragma once

#include "launcher/configuration/accepted.h"

/* The whole content, into text (which was begun with its cap). YAML: only what nobody else can write; a list or zone file: as whom we are,
 * no symbolic link. a (may be NULL) sees the file. False with e: "what, expected what", without the path. */
bool file_text_read(struct accepted *a, enum accepted_kind kind, const char *path, struct buf *text,
                    struct err *e);
