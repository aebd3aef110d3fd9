/* What the tests of the order machine share: a scripted world for the apex and its wildcard. */
#pragma once

#include "unit.h"

#include "common/mem.h"
#include "fake_loop.h"
#include "order_world.h"

static const char *const apex[] = {"example.test", "*.example.test"};

static inline int open_apex(void **state)
{
	*state = order_world_open(apex, 2);
	return 0;
}

static inline int open_below(void **state)
{
	static const char *const names[] = {"a.example.test", "*.b.example.test"};

	*state = order_world_open(names, 2);
	return 0;
}

static inline int close_world(void **state)
{
	order_world_close(*state);
	return 0;
}

static inline void assert_row(struct world *e, const char *wanted)
{
	char *state = order_world_row_state(e);

	assert_string_equal(state, wanted);
	free(state);
}

#define SCENARIO(name) TEST_WITH(name, open_apex, close_world)
