/* What every unit test includes: cmocka with what it needs before it, and the frame of a test program. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct unit {
	struct CMUnitTest test[200];
	int line[200];
	size_t n;
};

static inline struct unit *unit_all(void)
{
	static struct unit all;

	return &all;
}

/* Kept in the order of the file, whatever order the constructors run in. */
static inline void unit_add(int line, struct CMUnitTest test)
{
	struct unit *all = unit_all();
	size_t at = all->n++;

	if (at == sizeof(all->line) / sizeof(*all->line))
		abort();
	for (; at > 0 && all->line[at - 1] > line; at--) {
		all->test[at] = all->test[at - 1];
		all->line[at] = all->line[at - 1];
	}
	all->test[at] = test;
	all->line[at] = line;
}

/* Runs the file's tests: the exit status. Either may be NULL. */
static inline int unit_run(CMFixtureFunction setup, CMFixtureFunction teardown)
{
	return _cmocka_run_group_tests("tests", unit_all()->test, unit_all()->n, setup, teardown);
}

/* TEST(name) { ... } is a test and is run: there is no list to add it to. `state` is what `setup` left. */
#define TEST_WITH(name, setup, teardown)                                                                     \
	static void name(void **state);                                                                      \
	__attribute__((constructor)) static void name##_is_a_test(void)                                      \
	{                                                                                                    \
		unit_add(__LINE__, (struct CMUnitTest){#name, name, setup, teardown, NULL});                 \
	}                                                                                                    \
	static void name(__attribute__((unused)) void **state)
#define TEST(name) TEST_WITH(name, NULL, NULL)
