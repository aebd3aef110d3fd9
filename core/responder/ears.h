/* Those who may tell us values: one that started us (its end is ours), or many at a UNIX socket. */
#pragma once

#include "common/err.h"
#include "common/loop.h"
#include "responder/answer.h"
#include "responder/places.h"

struct ears;

/* who and places (for the greeting) are borrowed. */
struct ears *ears_new(struct loop *l, struct authority *who, const struct places *places);
void ears_free(struct ears *e); /* NULL allowed */

/* A connected socket, taken over; the loop is stopped when it ends. */
void ears_parent(struct ears *e, int fd);
/* A listening UNIX socket, taken over. */
void ears_listen(struct ears *e, int fd);

/* Makes a listening UNIX socket at path, 0660 and of group (NULL: ours); one that nobody listens at any more is
 * replaced. The descriptor, or -1 with e. */
int ears_socket(const char *path, const char *group, struct err *e);
