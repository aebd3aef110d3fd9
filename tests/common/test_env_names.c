#include "unit.h"

#include "common/env_names.h"
#include "common/mem.h"

enum { KEY, SECRET, EXTRA, OPTIONS };

static struct env_option *options;
static char said[200];

/* key (required) and secret of one program's set, and an optional one. */
static int set_up(void **state)
{
	static const char *const names[] = {"ONE_KEY TWO_KEY", "ONE_SECRET TWO_SECRET file:TWO_SECRET_PATH",
	                                    "T_EXTRA"};
	static const char *const all[] = {"ONE_KEY",    "TWO_KEY",         "TWO_KEY_FILE", "ONE_SECRET",
	                                  "TWO_SECRET", "TWO_SECRET_PATH", "T_EXTRA"};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		unsetenv(all[i]);
	options = xcalloc(OPTIONS, sizeof(*options));
	options[KEY] = (struct env_option){.key = "key", .required = true, .in_set = true};
	options[SECRET] =
	    (struct env_option){.key = "secret", .required = true, .secret = true, .in_set = true};
	options[EXTRA] = (struct env_option){.key = "extra"};
	for (size_t i = 0; i < OPTIONS; i++)
		strs_words(&options[i].names, names[i]);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	env_options_free(options, OPTIONS);
	return 0;
}

static bool tell(void *arg, const struct env_source *s)
{
	size_t n = strlen(said);

	snprintf(said + n, sizeof(said) - n, "%s=%s%s ", s->key, s->path ? "file:" : "",
	         s->path ? s->path : s->variable);
	return !arg;
}

static void check(bool absolute, const char *expected)
{
	*said = '\0';
	assert_true(env_names_fill(options, OPTIONS, absolute, tell, NULL));
	assert_string_equal(said, expected);
}

TEST_WITH(test_nothing_set, set_up, tear_down)
{
	setenv("ONE_KEY", "", 1);
	check(true, "");
	assert_true(env_names_fill(NULL, 0, true, tell, NULL));
}

TEST_WITH(test_the_first_name_that_is_set, set_up, tear_down)
{
	setenv("ONE_KEY", "a", 1);
	setenv("TWO_KEY", "b", 1);
	setenv("T_EXTRA", "c", 1);
	check(true, "key=ONE_KEY extra=T_EXTRA ");
}

TEST_WITH(test_one_set_alone, set_up, tear_down)
{
	setenv("TWO_KEY", "a", 1);
	setenv("ONE_SECRET", "b", 1);
	check(true, "key=TWO_KEY ");
	setenv("TWO_SECRET", "c", 1);
	check(true, "key=TWO_KEY secret=TWO_SECRET ");
}

TEST_WITH(test_a_file, set_up, tear_down)
{
	setenv("TWO_KEY_FILE", "/k", 1);
	setenv("TWO_SECRET_PATH", "s", 1);
	check(true, "key=file:/k ");
	check(false, "key=file:/k secret=file:s ");
	setenv("TWO_KEY", "a", 1);
	check(true, "key=TWO_KEY ");
}

TEST_WITH(test_beside_a_credential_nothing, set_up, tear_down)
{
	setenv("ONE_KEY", "a", 1);
	setenv("T_EXTRA", "c", 1);
	options[SECRET].given = true;
	check(true, "");
}

TEST_WITH(test_beside_a_required_one_nothing_optional, set_up, tear_down)
{
	setenv("ONE_SECRET", "a", 1);
	setenv("T_EXTRA", "c", 1);
	options[KEY].given = true;
	check(true, "secret=ONE_SECRET ");
}

TEST_WITH(test_refused, set_up, tear_down)
{
	setenv("ONE_KEY", "a", 1);
	setenv("ONE_SECRET", "b", 1);
	*said = '\0';
	assert_false(env_names_fill(options, OPTIONS, true, tell, said));
	assert_string_equal(said, "key=ONE_KEY ");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
