/* Places in an answer: a.b[0].c, a[], a.*, a[type=TXT], @key, header:NAME, http_status, raw:REGEX. */
#pragma once

#include "answer.h"
#include "run.h"

/* A value and, when it was the member of a map reached by `*`, its key. */
struct node {
	const json_t *json;
	const char *key;
};

struct nodes {
	struct node *at;
	size_t n;
};

/* All the path leads to from `root` (within the answer). False only with a failure recorded. */
bool path_all(struct run *r, const struct answer *a, struct node root, const char *path, struct nodes *out);

/* The elements of the list (or lists) the path leads to. False with a failure recorded, also when in a
 * JSON answer there is no list, unless the path ends in '?': an API that changed is not an empty list. */
bool path_list(struct run *r, const struct answer *a, struct node root, const char *path, struct nodes *out);

/* The first of them, borrowed for the call, or NULL if it leads nowhere. A trailing '?' is ignored. */
const json_t *path_one(struct run *r, const struct answer *a, struct node root, const char *path);

/* The same as text; "" if it leads nowhere. */
struct bytes path_text(struct run *r, const struct answer *a, struct node root, const char *path);

struct node answer_root(const struct answer *a);
