/* Which orders a CA account's limits allow none of now. */
#include "unit.h"

#include "common/bucket.h"
#include "launcher/ca_limited.h"

static int64_t until(const char *names, bool sets)
{
	struct strs both = {0};

	strs_words(&both, "a.test *.a.test");
	char *set = bucket_of_set(&both);
	json_t *rows = json_pack("[[s,s,i], [s,s,i], [s,s,i], [s,s,i]]", "le", set, 50, "le", "failed b.test",
	                         60, "le", "failed c.test", 70, "gts", "failed d.test", 80);
	int64_t at = ca_limited_until(rows, "le", names, sets);

	json_decref(rows);
	free(set);
	strs_free(&both);
	return at;
}

TEST(the_same_names)
{
	assert_int_equal(until("*.a.test a.test", true), 50);
	assert_int_equal(until("*.a.test a.test", false), 0);
	assert_int_equal(until("a.test", true), 0);
}

TEST(a_name_that_failed)
{
	assert_int_equal(until("x.test *.b.test", true), 60);
	assert_int_equal(until("c.test b.test", false), 70);
	assert_int_equal(until("d.test", true), 0);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
