#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "launcher/depends.h"

static char key[64];

static struct dns_account dns = {.name = (char *)"dns-1", .provider = (char *)"rfc2136"};
static struct ca_account ca[] = {{.name = (char *)"ca-1", .directory = (char *)"https://ca.test/dir"},
                                 {.name = (char *)"ca-2", .directory = (char *)"https://backup.test/dir"}};
static struct certificate cert;

static void write_key(const char *text)
{
	FILE *f = fopen(key, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static int begin(void **state)
{
	int fd;

	snprintf(key, sizeof(key), "/tmp/test_depends.XXXXXX");
	fd = mkstemp(key);
	assert_true(fd >= 0);
	close(fd);
	dns.settings = json_pack("{s:{s:s, s:s+}}", "set", "server", "192.0.2.1", "key", "file:", key);
	ca[0].settings = json_pack("{s:s}", "email", "a@example.test");
	ca[1].settings = json_pack("{s:s}", "email", "a@example.test");
	cert = (struct certificate){.settings = json_pack("{s:s}", "ca", "ca-1")};
	strs_add(&cert.names, "example.test");
	strs_add(&cert.dns, "dns-1");
	return 0;
}

static int end(void **state)
{
	unlink(key);
	json_decref(dns.settings);
	json_decref(ca[0].settings);
	json_decref(ca[1].settings);
	certificate_free(&cert);
	return 0;
}

static char *digest(void)
{
	const struct ca_accounts cas = {ca, 2};
	const struct dns_accounts accounts = {&dns, 1};
	struct depends d = {0};

	return depends_digest(&d, &cert, &cas, &accounts);
}

/* Is it another than *before? It takes its place. */
static bool changed(char **before)
{
	char *now = digest();
	bool other = strcmp(now, *before) != 0;

	free(*before);
	*before = now;
	return other;
}

TEST_WITH(settings_and_files_and_nothing_else, begin, end)
{
	char *before = digest();

	assert_false(changed(&before));
	json_object_set_new(cert.settings, "ttl", json_integer(60));
	assert_true(changed(&before));
	strs_add(&cert.names, "www.example.test");
	assert_true(changed(&before));
	json_object_set_new(ca[0].settings, "email", json_string("b@example.test"));
	assert_true(changed(&before));
	json_object_set_new(ca[1].settings, "email", json_string("b@example.test"));
	assert_false(changed(&before));
	json_object_set_new(cert.settings, "backup_ca", json_string("ca-2"));
	assert_true(changed(&before));
	json_object_set_new(ca[1].settings, "email", json_string("c@example.test"));
	assert_true(changed(&before));
	json_object_set_new(dns_account_set(&dns), "server", json_string("192.0.2.2"));
	assert_true(changed(&before));
	write_key("another");
	assert_true(changed(&before));
	assert_int_equal(chmod(key, 0600), 0);
	assert_false(changed(&before));
	assert_int_equal(unlink(key), 0);
	assert_true(changed(&before));
	assert_false(changed(&before));
	free(before);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
