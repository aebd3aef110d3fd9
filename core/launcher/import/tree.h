/* The folder of another client, of which nothing outside it is read: links are followed inside it alone. */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

#define TREE_TEXT_MOST (256 * 1024)

/* A descriptor of the folder; -1 with e. The caller closes it. */
int tree_open(const char *path, struct err *e);

bool tree_has(int tree, const char *path);

/* The content of a regular file; new string, to be wiped where it is a key. NULL with e. */
char *tree_text(int tree, const char *path, struct err *e);

/* Names in a folder, but for those that begin with a dot, sorted; empty when it is none. */
void tree_list(int tree, const char *path, struct strs *names);

/* What `key = value` or `key='value'` says in a text, the last of them; new string. NULL when there is none, or a shell would
 * make something else of it. */
char *tree_setting(const char *text, const char *key);
