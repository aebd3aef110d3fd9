/* The clients whose folders are known. */
#pragma once

#include "common/err.h"
#include "launcher/import/foreign.h"

/* Reads the folder at path, whosever it is; ca: the directory that the person named, or NULL (borrowed). False with e when
 * it is nobody's that is known. foreigns_free in any case. */
bool clients_read(struct foreigns *f, const char *path, const char *ca, struct err *e);

/* Is the tree theirs; and all of it. */
bool certbot_is(int tree);
void certbot_read(struct foreigns *f);
bool lego_is(int tree);
void lego_read(struct foreigns *f);
bool dehydrated_is(int tree);
void dehydrated_read(struct foreigns *f);
bool acmesh_is(int tree);
void acmesh_read(struct foreigns *f);
