#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ca.h"
#include "check.h"
#include "keeper/account.h"
#include "keeper/file.h"
#include "keeper/key.h"
#include "keeper/live.h"
#include "keeper/prune.h"
#include "keeper/publish.h"
#include "keeper/stage.h"
#include "keeper/store.h"
#include "wrap.h"

#define ID   "web.test"
#define TYPE "p256"

struct world {
	char *state;
	struct ca *ca;
	struct strs names;
	int64_t now;
};

static int set_up(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));

	w->state = temp_make();
	w->ca = ca_new();
	w->now = time(NULL);
	strs_add(&w->names, "web.test");
	strs_add(&w->names, "*.web.test");
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	temp_drop(w->state);
	ca_free(w->ca);
	strs_free(&w->names);
	free(w);
	return 0;
}

/* Finds or makes the key of an order: what the operation "key" does. */
static bool make_key(const struct world *w, const char *order, char **csr, struct err *e)
{
	struct folder cert;
	EVP_PKEY *key = key_make(TYPE, e);
	const struct csr_names names = {.all = &w->names};
	bool ok;

	*csr = NULL;
	ok = store_cert(w->state, ID, &cert, e) && stage_find(&cert, order, TYPE, &names, csr, e) &&
	     (*csr || stage_save(&cert, order, key, &names, csr, e));
	folder_close(&cert);
	EVP_PKEY_free(key);
	return ok;
}

static bool last_wrong; /* what the last failure said about later tries */

/* generation: NULL, or where the name goes (new string) */
static bool publish(const struct world *w, const char *order, const char *chain, int64_t now,
                    char **generation, struct err *e)
{
	struct folder cert;
	struct publish p = {
	    .cert = &cert, .order = order, .type = TYPE, .names = &w->names, .chain = chain, .now = now};
	bool ok = store_cert(w->state, ID, &cert, e) && publish_run(&p, e);

	last_wrong = p.wrong;
	if (ok && generation)
		*generation = xstrdup(p.generation);
	publish_clear(&p);
	folder_close(&cert);
	return ok;
}

/* Key and chain of a new order, ready to be published. */
static char *prepare(const struct world *w, const char *order)
{
	struct err e;
	char *csr, *chain;

	assert_ok(make_key(w, order, &csr, &e), &e);
	chain = ca_chain_for_csr(w->ca, csr);
	free(csr);
	return chain;
}

static char *issue(const struct world *w, const char *order, int64_t now)
{
	char *chain = prepare(w, order), *generation = NULL;
	struct err e;

	assert_ok(publish(w, order, chain, now, &generation, &e), &e);
	free(chain);
	return generation;
}

/* New string: the live generation, which must be a right pair; "" when there is none. */
static char *live_name(const struct world *w)
{
	struct folder cert;
	struct err e;
	json_t *facts;
	char *name;

	assert_ok(store_cert(w->state, ID, &cert, &e), &e);
	facts = live_facts(&cert, NULL);
	folder_close(&cert);
	if (json_object_get(facts, "broken"))
		fail_msg("%s", json_string_value(json_object_get(facts, "broken")));
	name = xstrdup(json_string_value(json_object_get(facts, "generation")));
	json_decref(facts);
	return name ? name : xstrdup("");
}

static void assert_live(const struct world *w, const char *expected)
{
	char *name = live_name(w);

	assert_string_equal(name, expected);
	free(name);
}

static void list(const struct world *w, struct strs *names)
{
	char *path = xasprintf("%s/certs/%s", w->state, ID);
	DIR *dir = opendir(path);
	struct dirent *entry;

	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			strs_add(names, entry->d_name);
	closedir(dir);
	free(path);
	strs_sort(names);
}

static void assert_entries(const struct world *w, const char *expected)
{
	struct strs names = {0};
	char *text;

	list(w, &names);
	text = strs_join(&names, " ");
	assert_string_equal(text, expected);
	free(text);
	strs_free(&names);
}

TEST_WITH(test_generation_holds_what_it_should, set_up, tear_down)
{
	static const char *const files[] = {"cert.pem",      "chain.pem", "combined.pem",
	                                    "fullchain.pem", "meta.json", "privkey.pem"};
	struct world *w = *state;
	char *generation = issue(w, "o1", w->now), *text[6], *expected;
	struct folder cert, f;
	struct err e;
	json_t *meta;
	size_t n;

	assert_ok(store_cert(w->state, ID, &cert, &e), &e);
	assert_ok(folder_open(&f, &cert, generation, &e), &e);
	for (size_t i = 0; i < 6; i++) {
		text[i] = file_read(&f, files[i], 100000, &n, &e);
		assert_non_null(text[i]);
	}
	expected = xasprintf("%s%s", text[5], text[3]);
	assert_string_equal(text[2], expected);
	free(expected);
	expected = xasprintf("%s%s", text[0], text[1]);
	assert_string_equal(text[3], expected);
	free(expected);
	meta = json_loads(text[4], 0, NULL);
	assert_string_equal(json_string_value(json_object_get(meta, "order")), "o1");
	assert_string_equal(json_string_value(json_object_get(meta, "type")), TYPE);
	assert_int_equal(json_array_size(json_object_get(meta, "names")), 2);
	json_decref(meta);
	assert_int_equal(faccessat(f.fd, "request.csr", F_OK, 0), -1);
	for (size_t i = 0; i < 6; i++)
		free(text[i]);
	folder_close(&f);
	folder_close(&cert);
	free(generation);
}

TEST_WITH(test_wrong_pair_leaves_the_old_one, set_up, tear_down)
{
	struct world *w = *state;
	char *old = issue(w, "o1", w->now), *chain = prepare(w, "o2"), *other = prepare(w, "o3");
	struct err e;

	assert_false(publish(w, "o2", other, w->now, NULL, &e));
	assert_told(&e, "another key");
	assert_true(last_wrong);
	assert_false(publish(w, "o2", "garbage", w->now, NULL, &e));
	assert_false(last_wrong); /* the next download may be better */
	assert_false(publish(w, "o2", chain, w->now + 91 * 86400, NULL, &e));
	assert_told(&e, "expired");
	assert_false(publish(w, "o4", chain, w->now, NULL, &e));
	assert_told(&e, "no key of order o4");
	assert_true(last_wrong);
	assert_live(w, old);
	assert_ok(publish(w, "o2", chain, w->now + 1, NULL, &e), &e);
	free(old);
	free(chain);
	free(other);
}

TEST_WITH(test_repeating_is_harmless, set_up, tear_down)
{
	struct world *w = *state;
	char *chain = prepare(w, "o1"), *first = NULL, *second = NULL, *other = prepare(w, "x-o1");
	struct err e;

	assert_ok(publish(w, "o1", chain, w->now, &first, &e), &e);
	assert_ok(publish(w, "o1", chain, w->now + 60, &second, &e), &e);
	assert_string_equal(first, second);
	assert_ok(publish(w, "x-o1", other, w->now + 1, NULL, &e), &e);
	assert_ok(publish(w, "o1", chain, w->now + 60, NULL, &e), &e);
	assert_live(w, first);
	assert_false(publish(w, "o1", other, w->now + 60, NULL, &e));
	assert_told(&e, "another certificate of this order");
	assert_live(w, first);
	free(chain);
	free(other);
	free(first);
	free(second);
}

/* Killed after the generation had its name, a run asks for the key again before it publishes. */
TEST_WITH(test_new_key_after_the_generation, set_up, tear_down)
{
	struct world *w = *state;
	char *chain = prepare(w, "o1"), *first = NULL, *second = NULL, *again;
	struct err e;

	assert_ok(publish(w, "o1", chain, w->now, &first, &e), &e);
	again = prepare(w, "o1");
	assert_ok(publish(w, "o1", chain, w->now + 60, &second, &e), &e);
	assert_string_equal(first, second);
	free(chain);
	free(again);
	free(first);
	free(second);
}

TEST_WITH(test_old_generations_go, set_up, tear_down)
{
	struct world *w = *state;
	struct timespec old[2] = {{.tv_sec = w->now - 31 * 86400}, {.tv_sec = w->now - 31 * 86400}};
	char *path = xasprintf("%s/certs/%s/.new-stale", w->state, ID), *made[8], *expected;

	for (int i = 1; i <= 6; i++) {
		char order[] = {'o', (char)('0' + i), '\0'};

		made[i] = issue(w, order, w->now + i);
	}
	free(prepare(w, "stale"));
	free(prepare(w, "fresh"));
	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	made[7] = issue(w, "o7", w->now + 7);
	expected = xasprintf(".new-fresh %s %s %s %s live", made[4], made[5], made[6], made[7]);
	assert_entries(w, expected);
	for (int i = 1; i <= 7; i++)
		free(made[i]);
	free(expected);
	free(path);
}

TEST_WITH(test_discarding, set_up, tear_down)
{
	struct world *w = *state;
	struct folder cert;
	struct err e;

	free(prepare(w, "o1"));
	assert_ok(store_cert(w->state, ID, &cert, &e), &e);
	assert_ok(prune_stage(&cert, "o1", &e), &e);
	assert_ok(prune_stage(&cert, "o1", &e), &e);
	folder_close(&cert);
	assert_entries(w, "");
}

TEST_WITH(test_links_are_not_followed, set_up, tear_down)
{
	struct world *w = *state;
	char *certs = xasprintf("%s/certs", w->state), *path = xasprintf("%s/%s", certs, ID);
	char *csr;
	struct err e;

	assert_int_equal(mkdir(certs, 0711), 0);
	assert_int_equal(symlink("/tmp", path), 0);
	assert_false(make_key(w, "o1", &csr, &e));
	assert_told(&e, "/certs/web.test: is not a folder (a symbolic link is not followed)");
	free(certs);
	free(path);
}

/* One attempt with a fault at call `at`: 1 = done, 0 = failed as told in e. */
static int attempt(const struct world *w, const char *chain, int at, int error, int *calls, bool *hit,
                   struct err *e)
{
	bool ok;

	wrap_on(at, error);
	ok = publish(w, "o2", chain, w->now + 1, NULL, e);
	*calls = wrap_off(hit);
	return ok;
}

static void check_after(const struct world *w, const char *old, bool must_be_old)
{
	char *name = live_name(w);

	if (strcmp(name, old) != 0 && (must_be_old || !str_ends(name, "-o2")))
		fail_msg("live is %s", name);
	free(name);
}

static void check_retry(const struct world *w, const char *chain)
{
	char *generation = NULL, *entries;
	struct strs names = {0};
	struct err e;

	assert_ok(publish(w, "o2", chain, w->now + 50, &generation, &e), &e);
	assert_live(w, generation);
	list(w, &names);
	entries = strs_join(&names, " ");
	if (names.n != 3 || !str_starts(names.at[0], "gen-") || !str_ends(entries, "-o2 live"))
		fail_msg("left over: %s", entries);
	free(entries);
	free(generation);
	strs_free(&names);
}

TEST(test_every_call_fails_once)
{
	static const struct {
		int error;
		const char *words;
	} faults[] = {
	    {ENOSPC, "No space left on device"}, {EIO, "Input/output error"}, {EACCES, "Permission denied"}};
	int failed = 0, calls = 0;

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		bool hit = true;

		for (int at = 1; hit; at++) {
			struct err e = {""};
			struct world *w;
			char *old, *chain;

			set_up((void **)&w);
			old = issue(w, "o1", w->now);
			chain = prepare(w, "o2");
			if (!attempt(w, chain, at, faults[i].error, &calls, &hit, &e)) {
				failed++;
				assert_told(&e, faults[i].words);
				assert_told(&e, w->state);
				check_after(w, old, false);
			}
			check_retry(w, chain);
			free(old);
			free(chain);
			tear_down((void **)&w);
		}
		assert_true(calls > 30);
	}
	assert_true(failed > 90);
}

TEST(test_killed_at_every_call)
{
	bool hit = true;
	int status = 0, at;

	for (at = 1; hit; at++) {
		struct world *w;
		char *old, *chain;
		pid_t child;

		set_up((void **)&w);
		old = issue(w, "o1", w->now);
		chain = prepare(w, "o2");
		child = fork();
		if (child == 0) {
			struct err e;
			int calls;

			_exit(attempt(w, chain, at, 0, &calls, &hit, &e) ? 0 : 1);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		hit = WEXITSTATUS(status) == 99;
		assert_true(hit || WEXITSTATUS(status) == 0);
		check_after(w, old, false);
		check_retry(w, chain);
		free(old);
		free(chain);
		tear_down((void **)&w);
	}
	assert_true(at > 30);
}

/* What the disk holds is what was checked, or it is not published. */
TEST_WITH(test_each_file_is_read_back, set_up, tear_down)
{
	static const struct {
		const char *name;
		int write;
	} files[] = {{"combined.pem", 1}, {"cert.pem", 2}, {"chain.pem", 3}, {"fullchain.pem", 5}};
	const struct world *w = *state;
	char *live = issue(w, "o0", w->now);

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *order = xasprintf("o%zu", i + 1), *chain = prepare(w, order);
		struct err e = {""};

		wrap_spoil(files[i].write);
		assert_false(publish(w, order, chain, w->now + 1, NULL, &e));
		assert_told(&e, files[i].name);
		assert_told(&e, "does not belong to this pair");
		assert_false(last_wrong);
		assert_live(w, live);
		assert_ok(publish(w, order, chain, w->now + 1, NULL, &e), &e);
		free(live);
		live = live_name(w);
		assert_true(str_ends(live, order));
		free(order);
		free(chain);
	}
	free(live);
}

/* Each is there for a crash at one moment (comments in the code); a folder that nothing has changed is not written once
 * more, and none that is there is made. */
TEST_WITH(test_what_is_written_is_counted, set_up, tear_down)
{
	const struct world *w = *state;
	struct wrap_calls before;
	struct folder cert;
	struct err e;

	free(issue(w, "o1", w->now));
	before = wrap_calls;
	char *chain = prepare(w, "o2");
	assert_int_equal(wrap_calls.mkdirs - before.mkdirs, 1); /* the stage */
	assert_int_equal(wrap_calls.fsyncs - before.fsyncs, 4); /* its entry, key, request, their entries */
	before = wrap_calls;
	assert_ok(publish(w, "o2", chain, w->now + 1, NULL, &e), &e);
	assert_int_equal(wrap_calls.mkdirs - before.mkdirs, 0);
	assert_int_equal(wrap_calls.fsyncs - before.fsyncs, 8); /* five files, their entries, name, live */
	before = wrap_calls;
	assert_ok(store_cert(w->state, ID, &cert, &e), &e);
	folder_close(&cert);
	assert_int_equal(wrap_calls.fsyncs - before.fsyncs, 0);
	free(chain);
}

/* One that another process has made, and perhaps not written: once in each process. */
TEST_WITH(test_a_folder_that_is_there_is_written_once, set_up, tear_down)
{
	const struct world *w = *state;
	char *certs = xasprintf("%s/certs", w->state), *path = xasprintf("%s/%s", certs, ID);
	unsigned before = wrap_calls.fsyncs;
	struct folder cert;
	struct err e;

	assert_int_equal(mkdir(certs, 0711), 0);
	assert_int_equal(mkdir(path, 0711), 0);
	for (int i = 0; i < 3; i++) {
		assert_ok(store_cert(w->state, ID, &cert, &e), &e);
		folder_close(&cert);
		assert_int_equal(wrap_calls.fsyncs - before, 2);
	}
	free(certs);
	free(path);
}

TEST(test_key_at_every_failing_call)
{
	bool hit = true;

	for (int at = 1; hit; at++) {
		struct err e = {""};
		char *first = NULL, *second = NULL;
		struct world *w;
		bool ok;

		set_up((void **)&w);
		wrap_on(at, ENOSPC);
		ok = make_key(w, "o1", &first, &e);
		wrap_off(&hit);
		assert_true(ok || hit);
		if (!ok)
			assert_told(&e, "No space left on device");
		assert_ok(make_key(w, "o1", &second, &e), &e);
		if (ok)
			assert_string_equal(first, second);
		free(first);
		free(second);
		tear_down((void **)&w);
	}
}

static struct account *account(const struct world *w, struct err *e)
{
	struct account *a = NULL;
	struct folder keys;

	if (store_keys(w->state, &keys, e))
		a = account_open(&keys, "le", "https://ca.test/", e);
	folder_close(&keys);
	return a;
}

TEST(test_account_at_every_failing_call)
{
	bool hit = true;

	for (int at = 1; hit; at++) {
		struct err e = {""};
		struct account *first, *second, *third;
		struct world *w;

		set_up((void **)&w);
		wrap_on(at, ENOSPC);
		first = account(w, &e);
		wrap_off(&hit);
		assert_true(first || hit);
		if (!first)
			assert_told(&e, "No space left on device");
		second = account(w, &e);
		third = account(w, &e);
		assert_non_null(second);
		assert_string_equal(second->thumbprint, third->thumbprint);
		if (first)
			assert_string_equal(first->thumbprint, second->thumbprint);
		account_free(first);
		account_free(second);
		account_free(third);
		tear_down((void **)&w);
	}
}

int main(void)
{
	return unit_run(NULL, NULL);
}
