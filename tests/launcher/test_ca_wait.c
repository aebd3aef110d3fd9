/* Until when a CA is left in peace, as plan and status tell it. */
#include "unit.h"

#include "launcher/ca_wait.h"

static const struct ca_account account = {.name = (char *)"le", .directory = (char *)"https://ca.test/dir"};

static int64_t until(const char *rows, const char *names)
{
	json_t *later = json_loads(rows, 0, NULL);
	int64_t at = ca_wait_until(later, &account, names);

	assert_non_null(later);
	json_decref(later);
	return at;
}

static void about(const char *row, const char *words)
{
	json_t *list = json_pack("[s, s, i]", "le", row, 1);
	char *text = ca_wait_about(list);

	assert_string_equal(text, words);
	free(text);
	json_decref(list);
}

TEST(whom_a_wait_holds)
{
	assert_int_equal(until("[]", "a.test"), 0);
	assert_int_equal(until("[[\"le\",\"\",50]]", "a.test"), 50);
	assert_int_equal(until("[[\"https://ca.test/dir\",\"\",60]]", "a.test"), 60);
	assert_int_equal(until("[[\"https://ca.test/dir\",\"newNonce\",70]]", "a.test"), 70);
	assert_int_equal(until("[[\"le\",\"newOrder\",80]]", "a.test"), 80);
	assert_int_equal(until("[[\"le\",\"\",50],[\"le\",\"newOrder\",40]]", "a.test"), 50);
	assert_int_equal(until("[[\"gts\",\"\",50],[\"https://other.test/dir\",\"\",50]]", "a.test"), 0);
	assert_int_equal(
	    until("[[\"https://ca.test/dir\",\"renewalInfo\",50],[\"le\",\"revokeCert\",50]]", "a.test"), 0);
}

TEST(whose_order_waits)
{
	static const char rows[] = "[[\"le\",\"[\\\"a.test\\\",\\\"*.a.test\\\"]\",50],"
	                           "[\"le\",\"order [\\\"b.test\\\"]\",60]]";

	assert_int_equal(until(rows, "a.test *.a.test"), 50);
	assert_int_equal(until(rows, "b.test"), 60);
	assert_int_equal(until(rows, "a.test"), 0);
}

TEST(a_domain_waits)
{
	static const char row[] = "[[\"le\",\"domain a.test\",50]]";

	assert_int_equal(until(row, "b.test *.a.test"), 50);
	assert_int_equal(until(row, "a.test"), 50);
	assert_int_equal(until(row, "ba.test"), 0);
}

TEST(what_a_wait_is_about)
{
	about("", "all requests");
	about("newNonce", "all requests");
	about("newOrder", "new orders");
	about("renewalInfo", "advice on renewals");
	about("revokeCert", "revocations");
	about("[\"a.test\",\"b.test\"]", "the order of a.test, b.test");
	about("order [\"a.test\"]", "the order of a.test");
	about("domain a.test", "certificates in a.test");
	about("order [\"a\\u001b.test\"]", "the order of a?.test");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
