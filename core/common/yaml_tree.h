/* YAML as text: maps, lists and scalars with the lines where they stand; no anchors, aliases, tags, merge keys,
 * duplicate keys or further documents; at most 32 deep. What a scalar means is for who reads it (common/conf.h, the
 * configuration). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"

enum yaml_kind { YAML_IS_TEXT, YAML_IS_MAP, YAML_IS_LIST };

struct yaml_node {
	const char *key;  /* as a member of a map, else NULL */
	const char *text; /* YAML_IS_TEXT, else NULL */
	const struct yaml_node *next, *child;
	uint32_t n;                                  /* children */
	uint32_t key_line;                           /* of the key; without one, that of the value */
	uint32_t line, column, end_line, end_column; /* lines from 1, columns in characters from 0 */
	uint8_t kind;
	bool plain; /* text without quotes */
};

/* {0}, then yaml_tree_parse(); yaml_tree_free() in any case. */
struct yaml_tree {
	struct arena arena;
	const struct yaml_node *root; /* NULL: there is nothing, or it cannot be read */
	const char *source;           /* borrowed: what was parsed */
	size_t size;
};

/* Hears of each thing that is wrong: "an anchor (&), expected a value without". */
typedef void yaml_tell_fn(void *who, unsigned line, const char *trouble);

/* Parses n octets (UTF-8), which must live as long as the tree. What is no YAML ends the reading; other faults are told
 * and read over. False when anything was told. */
bool yaml_tree_parse(struct yaml_tree *t, const char *text, size_t n, yaml_tell_fn *tell, void *who);
void yaml_tree_free(struct yaml_tree *t);

/* The value as it stands in the source, blanks and line ends as one blank. New string. */
char *yaml_tree_source(const struct yaml_tree *t, const struct yaml_node *v);

/* The member of a map; NULL. */
const struct yaml_node *yaml_member(const struct yaml_node *map, const char *key);
