#include "config.h"

#include "unit.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "launcher/secret.h"

static char folder[] = "/tmp/dnsproof-secret.XXXXXX";
static char *path, *source;
static struct err trouble;

static void write_file(const char *text, mode_t mode)
{
	unlink(path);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

TEST(modes)
{
	const struct {
		mode_t mode;
		bool fine;
	} cases[] = {{0600, true},  {0400, true},  {0640, true},  {0440, true},  {0604, false}, {0644, false},
	             {0620, false}, {0660, false}, {0602, false}, {0666, false}, {0700, true}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct secret s;
		write_file("secret", cases[i].mode);
		bool ok = secret_open(source, false, &s, &trouble);
		if (ok != cases[i].fine)
			fail_msg("mode %04o: %s", (unsigned)cases[i].mode, ok ? "taken" : trouble.text);
		if (ok)
			secret_close(&s);
		else
			assert_non_null(strstr(trouble.text, "chmod 640"));
		assert_int_equal(s.fd, -1);
	}
}

TEST(the_descriptor_is_at_the_start)
{
	struct secret s;
	struct strs masks = {0};
	char text[32] = "";
	write_file("top secret\n", 0600);
	assert_true(secret_open(source, false, &s, &trouble));
	secret_masks(&s, &masks);
	assert_int_equal(masks.n, 1);
	assert_string_equal(masks.at[0], "top secret");
	assert_int_equal(read(s.fd, text, sizeof text - 1), 11);
	assert_string_equal(text, "top secret\n");
	assert_true(fcntl(s.fd, F_GETFD) & FD_CLOEXEC);
	secret_masks_free(&masks);
	secret_close(&s);
}

TEST(what_is_no_secret_file)
{
	struct secret s;
	write_file("", 0600);
	assert_false(secret_open(source, false, &s, &trouble));
	assert_non_null(strstr(trouble.text, "is empty"));
	unlink(path);
	assert_false(secret_open(source, false, &s, &trouble));
	assert_non_null(strstr(trouble.text, "No such file"));
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(secret_open(source, false, &s, &trouble)); /* and does not wait for a writer */
	assert_non_null(strstr(trouble.text, "not a regular file"));
	unlink(path);
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_false(secret_open(source, false, &s, &trouble));
	unlink(path);
	char *large = xcalloc(1, SECRET_MOST + 2);
	memset(large, 'x', SECRET_MOST + 1);
	write_file(large, 0600);
	assert_false(secret_open(source, false, &s, &trouble));
	free(large);
}

TEST(variables)
{
	struct secret s;
	setenv("TEST_TOKEN", "hunter2hunter2", 1);
	assert_true(secret_open("env:TEST_TOKEN", false, &s, &trouble));
	assert_string_equal(s.value, "hunter2hunter2");
	assert_int_equal(s.fd, -1);
	secret_close(&s);
	setenv("TEST_TOKEN", "", 1);
	assert_false(secret_open("env:TEST_TOKEN", false, &s, &trouble));
	assert_non_null(strstr(trouble.text, "TEST_TOKEN is empty"));
	unsetenv("TEST_TOKEN");
	assert_false(secret_open("env:TEST_TOKEN", false, &s, &trouble));
	assert_non_null(strstr(trouble.text, "TEST_TOKEN is not set"));
}

TEST(sources_become_absolute)
{
	const char *cases[][2] = {{"file:/a/b", "file:/a/b"},
	                          {"file:x", "file:/here/x"},
	                          {"env:A_1", "env:A_1"},
	                          {"file:", NULL},
	                          {"env:", NULL},
	                          {"env:1A", NULL},
	                          {"env:A-B", NULL}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *text = secret_absolute(cases[i][0], "/here", &trouble);
		if (cases[i][1])
			assert_string_equal(text, cases[i][1]);
		else
			assert_null(text);
		free(text);
	}
	assert_false(secret_is_source("plain"));
	assert_false(secret_is_source("files:x"));
}

TEST(masks_hide_keys)
{
	struct secret s;
	struct strs masks = {0};
	write_file("key \"acme\" {\n\talgorithm hmac-sha256;\n\tsecret \"c2VjcmV0c2VjcmV0c2VjcmV0\";\n};\n",
	           0600);
	assert_true(secret_open(source, false, &s, &trouble));
	secret_masks(&s, &masks);
	char text[] = "hmac-sha256 c2VjcmV0c2VjcmV0c2VjcmV0 and c2VjcmV0c2VjcmV0c2VjcmV0.";
	secret_mask(text, &masks);
	assert_string_equal(text, "hmac-sha256 *** and ***.");
	secret_masks_free(&masks);
	secret_close(&s);
}

static int set_up(void **unused)
{
	if (!mkdtemp(folder))
		return -1;
	path = xasprintf("%s/secret", folder);
	source = xasprintf("file:%s", path);
	return 0;
}

static int tear_down(void **unused)
{
	unlink(path);
	rmdir(folder);
	free(path);
	free(source);
	return 0;
}

int main(void)
{
	return unit_run(set_up, tear_down);
}
