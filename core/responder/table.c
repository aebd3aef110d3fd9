#include "config.h"

#include "responder/table.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/fnv.h"
#include "common/mem.h"

#define FIRST_SLOTS 1024

/* Stands for a name; there is one for every name above it, too. */
struct node {
	struct node *next;
	uint64_t hash;
	size_t below; /* nodes one label down */
	bool zone, own;
	struct value *value;
	size_t values;
	uint8_t length;
	uint8_t octet[];
};

struct table {
	struct node **slot;
	size_t slots, nodes, values;
	bool zones; /* any was given */
	uint32_t serial;
};

static const uint8_t challenge[] = "\x0f_acme-challenge";

struct table *table_new(void)
{
	struct table *t = xcalloc(1, sizeof(*t));

	t->slots = FIRST_SLOTS;
	t->slot = xcalloc(t->slots, sizeof(struct node *));
	t->serial = (uint32_t)time(NULL);
	return t;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->slots; i++)
		for (struct node *n = t->slot[i], *next; n; n = next) {
			next = n->next;
			free(n->value);
			free(n);
		}
	free(t->slot);
	free(t);
}

/* Goes on from the hash of what stands right of the octets. */
static uint64_t hash_on(uint64_t hash, const uint8_t *octets, size_t n)
{
	while (n > 0)
		hash = fnv_octet(hash, octets[--n]);
	return hash;
}

static size_t start_of(const struct name *name, size_t label)
{
	return label < name->labels ? name->label[label] : (size_t)name->length - 1;
}

/* The node of the name from its label on; *hash is that of the name from the next label on. */
static struct node *node_at(const struct table *t, const struct name *name, size_t label, uint64_t *hash)
{
	size_t start = start_of(name, label), length = name->length - start;
	size_t end = label < name->labels ? start_of(name, label + 1) : name->length;
	struct node *n;

	*hash = hash_on(*hash, name->octet + start, end - start);
	for (n = t->slot[*hash % t->slots]; n; n = n->next)
		if (n->hash == *hash && n->length == length &&
		    memcmp(n->octet, name->octet + start, length) == 0)
			break;
	return n;
}

static void table_grow(struct table *t)
{
	size_t slots = t->slots * 2;
	struct node **slot = xcalloc(slots, sizeof(struct node *));

	for (size_t i = 0; i < t->slots; i++)
		for (struct node *n = t->slot[i], *next; n; n = next) {
			next = n->next;
			n->next = slot[n->hash % slots];
			slot[n->hash % slots] = n;
		}
	free(t->slot);
	t->slot = slot;
	t->slots = slots;
}

static struct node *node_new(struct table *t, const struct name *name, size_t label, uint64_t hash)
{
	size_t start = start_of(name, label), length = name->length - start;
	struct node *n = xcalloc(1, sizeof(*n) + length);

	if (t->nodes++ >= t->slots)
		table_grow(t);
	n->hash = hash;
	n->length = (uint8_t)length;
	memcpy(n->octet, name->octet + start, length);
	n->next = t->slot[hash % t->slots];
	t->slot[hash % t->slots] = n;
	return n;
}

static struct node *node_make(struct table *t, const struct name *name)
{
	uint64_t hash = FNV_START;
	struct node *above = NULL, *n = NULL;

	for (size_t label = name->labels + 1; label-- > 0; above = n) {
		n = node_at(t, name, label, &hash);
		if (n)
			continue;
		n = node_new(t, name, label, hash);
		if (above)
			above->below++;
	}
	return n;
}

static bool node_is_bare(const struct node *n)
{
	return !n->below && !n->zone && !n->own && !n->values;
}

static void node_drop(struct table *t, struct node *n)
{
	struct node **p = &t->slot[n->hash % t->slots];

	while (*p != n)
		p = &(*p)->next;
	*p = n->next;
	t->nodes--;
	free(n->value);
	free(n);
}

/* Drops the nodes of the name, from itself upward, that stand for nothing any more. */
static void nodes_prune(struct table *t, const struct name *name)
{
	struct node *path[LABELS_MOST + 1];
	uint64_t hash = FNV_START;

	for (size_t label = name->labels + 1; label-- > 0;)
		path[label] = node_at(t, name, label, &hash);
	for (size_t label = 0; label <= name->labels && node_is_bare(path[label]); label++) {
		if (label < name->labels)
			path[label + 1]->below--;
		node_drop(t, path[label]);
	}
}

void table_zone(struct table *t, const struct name *zone)
{
	node_make(t, zone)->zone = true;
	t->zones = true;
}

void table_own(struct table *t, const struct name *name)
{
	node_make(t, name)->own = true;
}

static void challenge_zone(const struct name *name, struct spot *spot)
{
	for (size_t label = name->labels; label-- > 0;) {
		const uint8_t *at = name->octet + name->label[label];

		if (*at == challenge[0] && memcmp(at, challenge, 1U + *at) == 0) {
			spot->served = true;
			spot->apex = label;
			return;
		}
	}
}

void table_find(const struct table *t, const struct name *name, struct spot *spot)
{
	uint64_t hash = FNV_START;
	const struct node *n = NULL;
	size_t label = name->labels + 1;

	*spot = (struct spot){0};
	while (label > 0 && (n = node_at(t, name, label - 1, &hash))) {
		label--;
		if (!n->zone)
			continue;
		spot->served = true;
		spot->apex = label;
	}
	if (!t->zones)
		challenge_zone(name, spot);
	if (!spot->served || (label > 0 && spot->apex > 0))
		return;
	spot->exists = true;
	if (label > 0 || !n)
		return; /* an apex without values */
	spot->own = n->own;
	spot->value = n->value;
	spot->values = n->values;
}

static struct value *value_find(const struct node *n, const char *value)
{
	for (size_t i = 0; i < n->values; i++)
		if (memcmp(n->value[i].text, value, VALUE_LENGTH) == 0)
			return &n->value[i];
	return NULL;
}

enum table_result table_add(struct table *t, const struct name *name, const char *value, uint32_t ttl)
{
	struct spot spot;
	struct value *v;
	struct node *n;

	table_find(t, name, &spot);
	if (!spot.served)
		return TABLE_NOT_SERVED;
	n = node_make(t, name);
	v = value_find(n, value);
	if (!v && (n->values >= VALUES_MOST || t->values >= TABLE_MOST)) {
		nodes_prune(t, name);
		return TABLE_FULL;
	}
	t->serial++;
	if (!v) {
		n->value = xgrow(n->value, n->values, sizeof(*n->value));
		v = &n->value[n->values++];
		memcpy(v->text, value, VALUE_LENGTH);
		t->values++;
	}
	for (size_t i = 0; i < n->values; i++)
		n->value[i].ttl = ttl; /* one TTL for all of a name (RFC 2181 5.2) */
	return TABLE_OK;
}

enum table_result table_del(struct table *t, const struct name *name, const char *value)
{
	uint64_t hash = FNV_START;
	struct node *n = NULL;
	struct value *v;
	struct spot spot;

	table_find(t, name, &spot);
	if (!spot.served)
		return TABLE_NOT_SERVED;
	for (size_t label = name->labels + 1; label-- > 0;)
		if (!(n = node_at(t, name, label, &hash)))
			return TABLE_OK;
	v = value_find(n, value);
	if (!v)
		return TABLE_OK;
	*v = n->value[--n->values];
	t->values--;
	t->serial++;
	nodes_prune(t, name);
	return TABLE_OK;
}

uint32_t table_serial(const struct table *t)
{
	return t->serial;
}
