#include "config.h"

#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/load.h"
#include "host/symbol.h"
#include "common/sanitized.h"
#include "common/trusted.h"
#include "common/mem.h"

static struct err e;
static char folder[256]; /* one of ours, for files with odd modes */

static void says(const char *words)
{
	if (!strstr(e.text, words))
		fail_msg("'%s' does not say '%s'", e.text, words);
}

static enum dnsproof_rc never(struct dnsproof_txt_call *c)
{
	abort();
}

static struct dnsproof_provider table_new(void)
{
	return (struct dnsproof_provider){DNSPROOF_PROVIDER_HEAD, .name = "x", .add = never, .del = never};
}

static void refuses_table(const struct dnsproof_provider *t, const char *words)
{
	struct dnsproof_provider p;

	assert_false(module_check(t, sizeof(*t), "x", &p, &e));
	says(words);
}

TEST(test_names)
{
	char longest[70] = "";

	assert_true(trusted_name("rfc2136"));
	assert_true(trusted_name("a"));
	assert_true(trusted_name("3-x"));
	memset(longest, 'a', 64);
	assert_true(trusted_name(longest));
	longest[64] = 'a';
	assert_false(trusted_name(longest));
	assert_false(trusted_name(""));
	assert_false(trusted_name("-x"));
	assert_false(trusted_name("X"));
	assert_false(trusted_name("../x"));
	assert_false(trusted_name("x.so"));
	assert_false(trusted_name("x/y"));
	assert_false(trusted_name("x\n"));
}

TEST(test_table)
{
	struct dnsproof_provider t = table_new(), p;

	assert_true(module_check(&t, sizeof(t), "x", &p, &e));
	assert_ptr_equal(p.add, never);
	t.abi = DNSPROOF_PROVIDER_ABI + 1;
	refuses_table(&t, "module x was built for provider ABI 2, this is 1");
	t = table_new();
	t.name = "y";
	refuses_table(&t, "says the name y");
	t.name = NULL;
	refuses_table(&t, "says the name (none)");
	t = table_new();
	t.add = NULL;
	refuses_table(&t, "lacks the call add");
	t = table_new();
	t.del = NULL;
	refuses_table(&t, "lacks the call del");
	t = table_new();
	t.replaces = (enum dnsproof_unit)7;
	refuses_table(&t, "out of range");
	t = table_new();
	t.size = sizeof(t) + 8;
	refuses_table(&t, "its table says");
	t.size = 16;
	refuses_table(&t, "its table says");
}

TEST(test_older_smaller_table)
{
	struct dnsproof_provider t = table_new(), p;

	t.size = offsetof(struct dnsproof_provider, list);
	t.list = (enum dnsproof_rc(*)(struct dnsproof_list_call *))(uintptr_t)0x55;
	t.close = (void (*)(struct dnsproof_call *))(uintptr_t)0x55;
	assert_true(module_check(&t, t.size, "x", &p, &e));
	assert_null(p.list);
	assert_null(p.close);
	assert_false(module_check(&t, 8, "x", &p, &e));
	t.size = offsetof(struct dnsproof_provider, del);
	assert_false(module_check(&t, sizeof(t), "x", &p, &e));
}

TEST(test_newer_larger_table)
{
	struct {
		struct dnsproof_provider p;
		void *added_later;
	} t = {table_new(), NULL};
	struct dnsproof_provider p;

	t.p.size = sizeof(t);
	assert_true(module_check(&t, sizeof(t), "x", &p, &e));
}

static void refuses_option(const char *key, unsigned flags, const char *words)
{
	const struct dnsproof_option options[] = {{key, flags, NULL, NULL, NULL}, {0}};
	struct dnsproof_provider t = table_new();

	t.options = options;
	refuses_table(&t, words);
}

TEST(test_option_table)
{
	struct dnsproof_option endless[80];
	struct dnsproof_provider t = table_new();

	refuses_option("", 0, "bad option key");
	refuses_option("A=b", 0, "bad option key");
	refuses_option("targets", 0, "option key targets is reserved");
	refuses_option("servers", 0, "option key servers is reserved");
	refuses_option("a", DNSPROOF_INT | DNSPROOF_BOOL, "make no sense");
	refuses_option("a", 1024, "make no sense");
	for (size_t i = 0; i < 80; i++)
		endless[i] = (struct dnsproof_option){.key = "k"};
	t.options = endless;
	refuses_table(&t, "has no end");
}

TEST(test_real_modules)
{
	struct dnsproof_provider p;
	struct strs names = {0};

	assert_true(module_load("memory", MODULES, &p, &e));
	assert_string_equal(p.name, "memory");
	assert_non_null(p.list);
	assert_false(module_load("oldabi", MODULES, &p, &e));
	says("module oldabi was built for provider ABI 99, this is 1");
	assert_false(module_load("nothing", MODULES, &p, &e));
	says("nothing.so: its symbol dnsproof_provider is not data");
	assert_false(module_load("absent", MODULES, &p, &e));
	says("no provider 'absent' in " MODULES);
	assert_false(module_load("../memory", MODULES, &p, &e));
	says("'../memory' is not the name of a provider");
	assert_true(module_names(MODULES, &names, &e));
	assert_true(strs_has(&names, "memory"));
	assert_false(strs_has(&names, "memory.so"));
	strs_free(&names);
	assert_false(module_names("/nowhere/at/all", &names, &e));
}

static char *file_of(const char *name, const char *text, mode_t mode)
{
	char *path = xasprintf("%s/%s", folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
	return path;
}

static void trusts(const char *path)
{
	int fd = trusted_open(path, &e);

	if (fd < 0)
		fail_msg("%s", e.text);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
}

static void distrusts(const char *path, const char *words)
{
	assert_int_equal(trusted_open(path, &e), -1);
	says(words);
}

TEST(test_trust)
{
	char *path = file_of("plain", "x", 0644), *link = xasprintf("%s/link", folder);

	trusts(path);
	trusts("/bin/sh");
	assert_int_equal(symlink(path, link), 0);
	trusts(link);
	assert_int_equal(chmod(path, 0646), 0);
	distrusts(path, "plain: can be written by others; chmod go-w");
	distrusts(link, "plain: can be written by others");
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(chmod(folder, 0777), 0);
	distrusts(path, "can be written by others; chmod go-w");
	assert_int_equal(chmod(folder, 01777), 0);
	trusts(path);
	assert_int_equal(chmod(folder, 0700), 0);
	distrusts(folder, "not a regular file");
	distrusts("/", "not a regular file");
	distrusts("/nowhere/x", "/nowhere/x: No such file");
	distrusts("/dev/null", "");
	unlink(link);
	unlink(path);
	free(link);
	free(path);
}

/* Only a root that may give files away can make this case; it skips, and says so, elsewhere. */
TEST(test_foreign_owner)
{
	char *path = file_of("foreign", "x", 0644);
	bool can = geteuid() == 0 && chown(path, 12345, 12345) == 0;

	if (can) {
		distrusts(path, "foreign: belongs to user 12345");
		assert_int_equal(chown(path, 0, 12345), 0);
		trusts(path);
		assert_int_equal(chmod(path, 0664), 0);
		distrusts(path, "can be written by others");
	}
	unlink(path);
	free(path);
	if (!can)
		skip();
}

static void refuses_file(const char *text, size_t n, const char *words)
{
	FILE *f = tmpfile();
	size_t size;

	assert_int_equal(fwrite(text, 1, n, f), n);
	fflush(f);
	assert_false(symbol_find_data(fileno(f), "dnsproof_provider", &size, &e));
	says(words);
	fclose(f);
}

static char *bytes_of(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *bytes = xcalloc(1, 4 << 20);

	assert_non_null(f);
	*n = fread(bytes, 1, 4 << 20, f);
	fclose(f);
	return bytes;
}

TEST(test_symbol)
{
	size_t size, n;
	char *bytes = bytes_of(MODULES "/memory.so", &n);
	int fd = open(MODULES "/memory.so", O_RDONLY);

	assert_true(symbol_find_data(fd, "dnsproof_provider", &size, &e));
#ifndef SANITIZED /* clang counts what it puts behind a variable */
	assert_int_equal(size, sizeof(struct dnsproof_provider));
#else
	assert_true(size >= sizeof(struct dnsproof_provider));
#endif
	assert_false(symbol_find_data(fd, "asprintf", &size, &e));
	says("does not define asprintf");
	close(fd);
	refuses_file("", 0, "not an ELF file");
	refuses_file("#!/bin/sh\n", 10, "not an ELF file");
	refuses_file(bytes, 40, "not an ELF file");
	refuses_file(bytes, n / 2, "does not define");
	free(bytes);
}

/* Whatever is broken in the file: an answer, and no read outside of it (the sanitizers watch). */
TEST(test_symbol_of_damaged_file)
{
	size_t n, size;
	char *bytes = bytes_of(MODULES "/memory.so", &n), path[300];
	int fd;

	snprintf(path, sizeof(path), "%s/damaged", folder);
	for (unsigned round = 0; round < 400; round++) {
		size_t at = round < 64 ? round : n - 1 - (round * 2654435761U) % (n / 3);
		char before = bytes[at];

		bytes[at] = (char)(before ^ (round % 2 ? 0xff : 0x80));
		fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
		assert_int_equal(write(fd, bytes, n), n);
		symbol_find_data(fd, "dnsproof_provider", &size, &e);
		close(fd);
		bytes[at] = before;
	}
	unlink(path);
	free(bytes);
}

static int make_folder(void **state)
{
	snprintf(folder, sizeof(folder), "/tmp/test_load.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
	return rmdir(folder);
}

int main(void)
{
	umask(022);
	return unit_run(make_folder, drop_folder);
}
