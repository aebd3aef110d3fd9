/* WHICH certificates a command is for. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "launcher/selection.h"

/* Sorted by ID. One has the ID of a name of the other. */
static struct known_certificate known[] = {
    {.id = (char[]){"all.test"}}, {.id = (char[]){"web.test"}}, {.id = (char[]){"www.all.test"}}};

static const struct certificates all = {known, 3};

static int set_up(void **state)
{
	static const char *const names[3][3] = {
	    {"all.test", "www.all.test", NULL}, {"web.test", "*.web.test", NULL}, {"www.all.test", NULL}};

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (size_t n = 0; names[i][n]; n++)
			strs_add(&known[i].cert.names, names[i][n]);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++)
		strs_free(&known[i].cert.names);
	return 0;
}

/* The chosen as "0 2 ", or the error. Static. */
static const char *chosen(const char *const *words)
{
	static char text[256];
	struct options o = {0};
	const struct selection s = {.options = &o, .state = "/nowhere"};
	size_t *at, n;
	struct err e;

	for (; *words; words++)
		strs_add(&o.names, *words);
	text[0] = '\0';
	if (!selection_make(&s, &all, &at, &n, &e))
		snprintf(text, sizeof(text), "%.200s", e.text);
	else
		for (size_t i = 0; i < n; i++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%zu ", at[i]);
	free(at);
	strs_free(&o.names);
	return text;
}

#define CHOSEN(...) chosen((const char *const[]){__VA_ARGS__, NULL})

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(CHOSEN("web.test"), "1 ");
	assert_string_equal(CHOSEN("*.WEB.test"), "1 ");
	assert_string_equal(CHOSEN("w*"), "1 2 ");
	assert_string_equal(CHOSEN("web.test", "all.test"), "0 1 ");
	assert_non_null(strstr(CHOSEN("web.test", "nosuch"), "no certificate has the ID or name nosuch"));
}

/* What is an ID is that certificate, not the others that have such a name besides. */
static void test_id_before_name(void **state)
{
	(void)state;
	assert_string_equal(CHOSEN("www.all.test"), "2 ");
	assert_string_equal(CHOSEN("WWW.all.test"), "2 ");
	assert_string_equal(CHOSEN("all.test"), "0 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_id_before_name),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
