/* What is accepted of a configuration: copies, stamps, and what a list may change at once. */
#include "config.h"

#include "unit.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "launcher/configuration/configuration.h"

static char folder[] = "/tmp/dnsproof-accepted.XXXXXX";
static char *in_state, *path, *list;
static struct configuration conf;
static struct accepted accepted;
static struct troubles troubles;

#define HEAD                                                                                                 \
	"ca: {le: {directory: letsencrypt, agree_tos: yes}}\n"                                               \
	"dns: {d: {provider: nosuch}}\n"

static void put(const char *where, const char *text)
{
	FILE *f = fopen(where, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void put_yaml(const char *text)
{
	char *yaml = xasprintf("%s/dnsproof.yaml", path);
	put(yaml, text);
	free(yaml);
}

static void put_list_entry(const char *more)
{
	char *text = xasprintf(HEAD "lists: [{file: %s, line_keys: [ttl]%s}]\n", list, more);
	put_yaml(text);
	free(text);
}

/* COUNT lines from FIRST on, then `more`. */
static void put_list(int first, int count, const char *more)
{
	struct buf b;
	buf_init(&b, 0);
	for (int i = first; i < first + count; i++)
		buf_printf(&b, "c%d.example www.c%d.example\n", i, i);
	buf_add_str(&b, more);
	put(list, b.data);
	buf_free(&b);
}

static void drop(void)
{
	configuration_free(&conf);
	troubles_free(&troubles);
}

/* Reads; later: as if what is there had been written long before. */
static bool load_at(bool only, int64_t later)
{
	struct err e;
	drop();
	accepted_open(&accepted, in_state, path);
	accepted.only = only;
	accepted.began += later;
	return configuration_read(&conf, path, &accepted, &troubles, &e);
}

static void keep(void)
{
	struct err e;
	if (!accepted_keep(&accepted, &e))
		fail_msg("%s", e.text);
	accepted_close(&accepted);
}

#define LATER ((int64_t)10 * 1000000000)

static void accept_all(void)
{
	assert_true(load_at(false, LATER));
	assert_int_equal(troubles.broken, 0);
	keep();
}

static bool has(const char *id)
{
	return configuration_find(&conf, id);
}

static void tells(const char *text)
{
	for (size_t i = 0; i < troubles.n; i++)
		if (strstr(troubles.at[i].text, text))
			return;
	for (size_t i = 0; i < troubles.n; i++)
		print_error("%u: %s\n", troubles.at[i].line, troubles.at[i].text);
	fail_msg("nothing tells '%s'", text);
}

static bool unchanged(void)
{
	char *digest = configuration_unchanged(in_state, path);
	bool is = digest != NULL;
	free(digest);
	return is;
}

static int take_away(const char *name, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(name);
}

/* Each test begins with an empty folder of the configuration and one of the state. */
static int fresh(void **unused)
{
	(void)unused;
	nftw(in_state, take_away, 8, FTW_DEPTH | FTW_PHYS);
	nftw(path, take_away, 8, FTW_DEPTH | FTW_PHYS);
	return mkdir(in_state, 0700) == 0 && mkdir(path, 0755) == 0 ? 0 : -1;
}

#define FRESH(name) TEST_WITH(name, fresh, NULL)

FRESH(copies_stand_in_for_the_files)
{
	put_list_entry("");
	put_list(0, 3, "");
	accept_all();
	put_yaml("certficates: {}\n");
	unlink(list);
	assert_true(load_at(true, 0));
	assert_int_equal(troubles.n, 0);
	assert_int_equal(conf.n, 3);
	char *at = configuration_where(&conf, configuration_find(&conf, "c1.example")->origin);
	assert_non_null(strstr(at, "/list:2"));
	free(at);
	accepted_close(&accepted);
	assert_true(load_at(false, 0));
	assert_int_equal(troubles.broken, 1);
	accepted_close(&accepted);
}

FRESH(a_damaged_copy_is_not_believed)
{
	put_yaml(HEAD "certificates: {a.example: }\n");
	accept_all();
	accepted_open(&accepted, in_state, path);
	char *copy = xasprintf("%s/accepted/%s", in_state, accepted.old.at[0].copy);
	accepted_close(&accepted);
	put(copy, HEAD "certificates: {evil.example: }\n");
	free(copy);
	assert_true(load_at(true, 0));
	assert_int_equal(troubles.broken, 1);
	tells("damaged");
	accepted_close(&accepted);
}

FRESH(another_configuration_is_another)
{
	put_yaml(HEAD "certificates: {a.example: }\n");
	accept_all();
	char *other = xasprintf("%s/other", folder);
	accepted_open(&accepted, in_state, other);
	assert_int_equal(accepted.old.n, 0);
	accepted_close(&accepted);
	free(other);
}

FRESH(stat_tells_that_nothing_has_changed)
{
	char *more = xasprintf("%s/conf.d", path), *one = xasprintf("%s/a.yaml", more);
	put_list_entry("");
	put_list(0, 3, "");
	assert_false(unchanged());
	accept_all();
	assert_true(unchanged());
	char *digest = configuration_unchanged(in_state, path);
	put_list(0, 4, "");
	assert_false(unchanged());
	accept_all();
	assert_true(unchanged());
	char *other = configuration_unchanged(in_state, path);
	assert_string_not_equal(digest, other);
	free(digest);
	free(other);
	assert_int_equal(mkdir(more, 0755), 0); /* a folder that was not there */
	assert_false(unchanged());
	accept_all();
	put(one, "certificates: {a.example: }\n"); /* a file more */
	assert_false(unchanged());
	accept_all();
	assert_true(unchanged());
	unlink(one);
	assert_false(unchanged());
	accept_all();
	rmdir(more);
	assert_false(unchanged());
	free(more);
	free(one);
}

/* Written again within what the file system's clock tells apart, size and stamp may be the same. */
FRESH(a_fresh_stamp_is_not_trusted)
{
	put_list_entry("");
	put_list(0, 3, "");
	assert_true(load_at(false, 0));
	keep();
	assert_false(unchanged());
	accept_all();
	assert_true(unchanged());
}

FRESH(what_is_told_is_told_again)
{
	put_list_entry("");
	put_list(0, 3, "no_name\n");
	accept_all();
	assert_int_equal(troubles.lines, 1);
	assert_false(unchanged());
}

FRESH(a_list_may_change_a_little)
{
	put_list_entry("");
	put_list(0, 100, "");
	accept_all();
	put_list(20, 80, "");
	accept_all();
	assert_int_equal(troubles.n, 0);
	assert_int_equal(conf.n, 80);
	put_list(20, 100, "");
	accept_all();
	assert_int_equal(conf.n, 100);
}

FRESH(too_much_at_once_is_held_back)
{
	put_list_entry("");
	put_list(0, 100, "");
	accept_all();
	put_list(0, 50, "");
	for (int i = 0; i < 2; i++) {
		accept_all();
		assert_int_equal(conf.n, 100);
		assert_int_equal(troubles.lines, 1);
		tells("of 100 certificates 50 leave, 0 arrive and 0 change names, expected at most 20");
		tells("config diff");
		assert_false(unchanged());
	}
	put_list(0, 130, "");
	accept_all();
	assert_int_equal(conf.n, 100);
	tells("30 arrive");
	put_list(0, 100, "");
	accept_all();
	assert_int_equal(troubles.n, 0);
	assert_true(unchanged());
}

FRESH(names_change_too_much)
{
	struct buf b;
	buf_init(&b, 0);
	put_list_entry("");
	put_list(0, 30, "");
	accept_all();
	for (int i = 0; i < 30; i++)
		buf_printf(&b, "c%d.example ftp.c%d.example\n", i, i);
	put(list, b.data);
	buf_free(&b);
	accept_all();
	tells("30 change names");
	assert_string_equal(configuration_find(&conf, "c3.example")->names, "c3.example www.c3.example");
}

FRESH(max_change_is_a_share_or_a_number)
{
	put_list_entry(", max_change: 3");
	put_list(0, 100, "");
	accept_all();
	put_list(3, 97, "");
	accept_all();
	assert_int_equal(conf.n, 97);
	put_list(7, 93, "");
	accept_all();
	assert_int_equal(conf.n, 97);
	put_list_entry(", max_change: 50%");
	put_list(49, 51, "");
	accept_all();
	assert_int_equal(conf.n, 51);
	put_list_entry(", max_change: 100%");
	put_list(1000, 500, "");
	accept_all();
	assert_int_equal(conf.n, 500);
}

FRESH(missing_empty_or_cut_it_stays)
{
	put_list_entry("");
	put_list(0, 10, "");
	accept_all();
	unlink(list);
	accept_all();
	assert_int_equal(conf.n, 10);
	tells("No such file or directory, expected a file; its previous lines stay in force");
	put(list, "");
	accept_all();
	assert_int_equal(conf.n, 10);
	tells("empty, expected lines; its previous lines stay in force");
	put_list(0, 9, "c9.example www.c9.exa");
	accept_all();
	assert_int_equal(conf.n, 10);
	assert_string_equal(configuration_find(&conf, "c9.example")->names, "c9.example www.c9.example");
	tells("the last line has no end");
}

/* The first time there is nothing to compare with: a list that is cut then is taken as it is. */
FRESH(the_first_load_is_free)
{
	put_list_entry("");
	put_list(0, 9, "c9.example www.c9.exa");
	accept_all();
	assert_int_equal(conf.n, 10);
	assert_int_equal(troubles.n, 0);
	accept_all();
	assert_int_equal(troubles.n, 0);
}

FRESH(what_a_wrong_line_described_stays_as_it_was)
{
	put_list_entry("");
	put(list, "a.example www.a.example ttl=90\nb.example > bb\nd.example w.d.example\nx.example\n");
	accept_all();
	put(list, "a.example ftp.a.example tttl=90\nb.example c > bb\nd_d.example w.d.example\nn_n\n");
	for (int i = 0; i < 2; i++) {
		accept_all();
		assert_int_equal(troubles.lines, 4);
		assert_int_equal(conf.n, 3);
		assert_string_equal(configuration_find(&conf, "a.example")->names, "a.example www.a.example");
		assert_int_equal(configuration_find(&conf, "a.example")->origin.line, 1);
		assert_non_null(layer_given(configuration_find(&conf, "a.example")->layer, KEY_TTL));
		assert_true(has("bb"));
		assert_true(has("d.example"));
		assert_false(has("x.example"));
	}
	assert_true(load_at(true, 0)); /* and the copies have it so */
	assert_int_equal(conf.n, 3);
	accepted_close(&accepted);
	put(list, "a.example ftp.a.example\n");
	accept_all();
	assert_int_equal(conf.n, 1);
	assert_string_equal(configuration_find(&conf, "a.example")->names, "a.example ftp.a.example");
}

FRESH(zones_stay_as_they_were)
{
	char *text = xasprintf("ca: {le: {directory: letsencrypt, agree_tos: yes}}\n"
	                       "dns: {each: {provider: exec, set: {program: '/p/{c}'}, zone: 'file:%s'}}\n"
	                       "certificates: {www.a.example: , www.b.example: }\n",
	                       list);
	put_yaml(text);
	free(text);
	put(list, "b.example c=1\na.example c=2\n");
	accept_all();
	assert_int_equal(conf.dns[0].lines, 2);
	put(list, "n.example c=7\na.example c=..\n");
	accept_all();
	assert_int_equal(troubles.lines, 1);
	assert_int_equal(conf.dns[0].lines, 2);
	assert_string_equal(conf.dns[0].line[0].values, "c=2");
	assert_string_equal(conf.dns[0].line[1].zone, "n.example");
	unlink(list);
	accept_all();
	assert_int_equal(conf.dns[0].lines, 2);
	tells("its previous lines stay in force");
}

/* As `dnsproof config accept` does it. */
FRESH(a_change_is_accepted)
{
	struct err e;
	struct buf text;
	put_list_entry("");
	put_list(0, 100, "");
	accept_all();
	put_list(0, 50, "");
	accept_all();
	assert_int_equal(conf.n, 100);
	buf_init(&text, 0);
	for (int i = 0; i < 50; i++)
		buf_printf(&text, "c%d.example www.c%d.example\n", i, i);
	accepted_open(&accepted, in_state, path);
	assert_true(accepted_replace(&accepted, list, &text, &e));
	assert_false(accepted_replace(&accepted, "/nowhere", &text, &e));
	accepted_close(&accepted);
	buf_free(&text);
	accept_all();
	assert_int_equal(troubles.n, 0);
	assert_int_equal(conf.n, 50);
	assert_true(unchanged());
}

static int setup(void **unused)
{
	(void)unused;
	umask(022);
	if (!mkdtemp(folder))
		return -1;
	in_state = xasprintf("%s/state", folder);
	path = xasprintf("%s/conf", folder);
	list = xasprintf("%s/list", path);
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	drop();
	free(in_state);
	free(path);
	free(list);
	return nftw(folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	return unit_run(setup, teardown);
}
