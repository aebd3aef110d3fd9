/*
 * Broken configurations and what is said of them: corpus.txt, which CORPUS_WRITE=1 writes anew (to be read before it is
 * committed). A case is a title, files, and the messages:
 *
 *	### title
 *	>>> dnsproof.yaml
 *	...
 *	===
 *	E dnsproof.yaml:1: ...      error, L: costs its line
 *	= 2 certificates
 *
 * base.yaml (below) is read besides, in conf.d, unless the title ends in "(alone)". %D is the folder of the case;
 * ">>> NAME -> TARGET" makes a link, ">>> NAME 0666" sets the mode.
 */
#include "config.h"

#include "unit.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "launcher/configuration/configuration.h"

static const char base[] = "ca:\n"
                           "  le: {directory: letsencrypt, agree_tos: yes}\n"
                           "dns:\n"
                           "  d: {provider: nosuch}\n"
                           "deploy:\n"
                           "  nginx: [{reload: nginx}]\n";

static char folder[] = "/tmp/dnsproof-corpus.XXXXXX";

static char *with_folder(const char *text, const char *from, const char *to)
{
	struct buf b;
	buf_init(&b, 0);
	for (const char *hit; (hit = strstr(text, from)); text = hit + strlen(from)) {
		buf_add(&b, text, (size_t)(hit - text));
		buf_add_str(&b, to);
	}
	buf_add_str(&b, text);
	return buf_take(&b);
}

static int take_away(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	return walk->level ? remove(path) : 0;
}

static void put_file(const char *name, const char *text, mode_t mode)
{
	char *path = xasprintf("%s/%s", folder, name), *whole = with_folder(text, "%D", folder);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(whole, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
	free(whole);
	free(path);
}

/* ">>> NAME [-> TARGET | MODE]" and what follows it. */
static void put(char *head, const char *text)
{
	char *target = strstr(head, " -> "), *space = strchr(head, ' ');
	if (target) {
		*target = '\0';
		char *path = xasprintf("%s/%s", folder, head);
		assert_int_equal(symlink(target + 4, path), 0);
		free(path);
		return;
	}
	if (space)
		*space = '\0';
	put_file(head, text, space ? (mode_t)strtoul(space + 1, NULL, 8) : 0644);
}

static void say(struct buf *out, const struct configuration *c, const struct troubles *t)
{
	for (size_t i = 0; i < t->n; i++) {
		char line[20] = "";
		if (t->at[i].line)
			snprintf(line, sizeof line, ":%u", t->at[i].line);
		buf_printf(out, "%c %s%s: %s\n", t->at[i].kind == TROUBLE_BROKEN ? 'E' : 'L',
		           c->files.at[t->at[i].file], line, t->at[i].text);
	}
	buf_printf(out, "= %zu certificates\n", c->n);
}

/* What is said of what is in the folder; new. */
static char *judged(void)
{
	struct configuration c;
	struct troubles t = {0};
	struct err e;
	struct buf out;
	buf_init(&out, 0);
	if (configuration_read(&c, folder, NULL, &t, &e))
		say(&out, &c, &t);
	else
		buf_printf(&out, "! %s\n", e.text);
	configuration_free(&c);
	troubles_free(&t);
	char *text = buf_take(&out), *slash = xasprintf("%s/", folder);
	char *without = with_folder(text, slash, ""), *shown = with_folder(without, folder, "DIR");
	free(text);
	free(slash);
	free(without);
	return shown;
}

static char *corpus_read(const char *path)
{
	struct buf b;
	char line[4096];
	buf_init(&b, 0);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	for (size_t n; (n = fread(line, 1, sizeof line, f)) > 0;)
		buf_add(&b, line, n);
	fclose(f);
	return buf_take(&b);
}

/* The files of one case ("### title\n>>> ..." without the messages), left in the folder. */
static void case_put(char *text)
{
	char *head = text, *at = strchr(text, '\n') + 1;
	bool alone = false;
	at[-1] = '\0';
	alone = strlen(head) > 7 && strcmp(head + strlen(head) - 7, "(alone)") == 0;
	nftw(folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
	char *more = xasprintf("%s/conf.d", folder);
	assert_int_equal(mkdir(more, 0755), 0);
	free(more);
	if (!alone)
		put_file("conf.d/base.yaml", base, 0644);
	while (at && strncmp(at, ">>> ", 4) == 0) {
		char *body = strchr(at, '\n'), *next = body ? strstr(body, "\n>>> ") : NULL;
		*body++ = '\0';
		if (next)
			next[1] = '\0';
		put(at + 4, body);
		at = next ? next + 1 : NULL;
		if (at)
			*at = '>';
	}
}

TEST(corpus)
{
	const char *src = getenv("srcdir");
	char *path = xasprintf("%s/tests/launcher/configuration/corpus.txt", src ? src : ".");
	char *all = corpus_read(path), *at = all;
	size_t wrong = 0, cases = 0;
	struct buf anew;
	buf_init(&anew, 0);
	while (at && *at) {
		char *end = strstr(at, "\n### "), *split;
		if (end)
			*end++ = '\0';
		char *whole = xasprintf("%s%s", at, end ? "\n" : "");
		split = strstr(whole, "\n===\n");
		const char *wanted = split ? split + strlen("\n===\n") : "";
		if (split)
			split[1] = '\0';
		buf_printf(&anew, "%s===\n", whole);
		char *copy = xstrdup(whole);
		case_put(copy);
		char *got = judged();
		buf_add_str(&anew, got);
		if (strcmp(got, wanted) != 0 && ++wrong)
			print_error("%s\n--- wanted\n%s--- got\n%s", whole, wanted, got);
		cases++;
		free(copy);
		free(got);
		free(whole);
		at = end;
	}
	if (getenv("CORPUS_WRITE")) {
		FILE *f = fopen(path, "w");
		assert_non_null(f);
		fputs(anew.data, f);
		fclose(f);
	}
	buf_free(&anew);
	free(all);
	free(path);
	assert_int_equal(wrong, 0);
	assert_true(cases >= 100);
}

static int setup(void **state)
{
	(void)state;
	umask(022);
	return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	nftw(folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
	return rmdir(folder);
}

int main(void)
{
	return unit_run(setup, teardown);
}
