/* Plays the files of tests/scenarios in virtual time (tests/scenarios/README.md says what a line
 * means). */
#include "unit.h"

#include <arpa/inet.h>
#include <glob.h>
#include <netinet/in.h>

#include "common/mem.h"
#include "engine/dns/ask.h"
#include "engine/spread/absence.h"
#include "engine/spread/spread.h"
#include "engine/zone/zone.h"
#include "fake_loop.h"
#include "world.h"

#define LINE_MOST 1024

struct play {
	struct loop *loop;
	struct ask *ask;
	struct zone_finder *finder;
	struct strs fixed, follow;
	struct zone_result *zone; /* of the last `find` */
	unsigned found, faults;   /* of the last `find`, which may be several */
	unsigned wanted;
	struct spread *spread;
	enum spread_end end;
	int absence; /* of the last `gone`; -1 = none */
	bool stop_at_vanish;
	char *message;
	char *waiting; /* what the last spread said at the time asked for */
	struct strs warnings, vanished;
	json_t *matrix;
	uint64_t began, took;
	const char *file;
	unsigned line;
};

static void play_fail(const struct play *p, const char *what)
{
	print_error("%s:%u: %s\n", p->file, p->line, what);
	if (p->message != NULL)
		print_error("  message: %s\n", p->message);
	for (size_t i = 0; i < p->warnings.n; i++)
		print_error("  warning: %s\n", p->warnings.at[i]);
	if (p->zone != NULL && p->zone->owner != NULL)
		print_error("  owner %s zone %s\n", p->zone->owner, p->zone->zone);
	print_error("  took %llu ms\n", (unsigned long long)p->took);
	fail();
}

static void check(const struct play *p, bool good, const char *what)
{
	if (!good)
		play_fail(p, what);
}

static void words_split(char *line, struct strs *words)
{
	char *c = line;

	for (;;) {
		char *word, end = ' ';

		c += strspn(c, " \t\n");
		if (*c == '\0' || *c == ';')
			return;
		if (*c == '"')
			end = *c++;
		word = c;
		while (*c != '\0' && *c != end && (end == '"' || (*c != '\t' && *c != '\n')))
			c++;
		if (*c != '\0')
			*c++ = '\0';
		strs_add(words, word);
	}
}

static void outcome_clear(struct play *p)
{
	zone_result_free(p->zone);
	p->zone = NULL;
	p->found = p->faults = 0;
	free(p->message);
	p->message = NULL;
	free(p->waiting);
	p->waiting = NULL;
	strs_free(&p->warnings);
	strs_free(&p->vanished);
	json_decref(p->matrix);
	p->matrix = NULL;
	p->began = world_time();
}

static void zone_told(void *arg, struct zone_result *r)
{
	struct play *p = arg;

	if (r->fault == ZONE_FOUND)
		p->found++;
	else
		p->faults++;
	zone_result_free(p->zone);
	p->zone = r;
	if (p->found + p->faults == p->wanted)
		loop_stop(p->loop);
}

static bool is_option(const char *word)
{
	return strcmp(word, "within") == 0 || strcmp(word, "lists") == 0 || strcmp(word, "may-write") == 0;
}

/* find NAME... [within T]; resolve NAME... [within T] [lists ZONE]... [may-write PATTERN]... */
static void find_line(struct play *p, const struct strs *w)
{
	struct strs zones = {0}, targets = {0};
	unsigned ms = 20000;
	struct err e;

	outcome_clear(p);
	if (p->finder == NULL)
		p->finder = zone_finder_new(p->loop, p->ask, NULL, &p->fixed, &e);
	check(p, p->finder != NULL, "the finder does not start");
	zone_finder_follow(p->finder, &p->follow);
	strs_free(&p->follow);
	p->wanted = 0;
	for (size_t i = 1; i + 1 < w->n; i++)
		if (strcmp(w->at[i], "within") == 0)
			ms = (unsigned)duration_parse(w->at[i + 1]);
		else if (strcmp(w->at[i], "lists") == 0)
			strs_add(&zones, w->at[i + 1]);
		else if (strcmp(w->at[i], "may-write") == 0)
			strs_add(&targets, w->at[i + 1]);
	for (size_t i = 1; i < w->n && !is_option(w->at[i]); i++) {
		if (strcmp(w->at[0], "resolve") == 0)
			zone_find_recursive(p->finder, w->at[i], &zones, &targets, ms, zone_told, p);
		else
			zone_find(p->finder, w->at[i], ms, zone_told, p);
		p->wanted++;
	}
	strs_free(&zones);
	strs_free(&targets);
	loop_run(p->loop);
	p->took = world_time() - p->began;
	p->message = xstrdup(p->zone->message);
	for (size_t i = 0; i < p->zone->warnings.n; i++)
		strs_add(&p->warnings, p->zone->warnings.at[i]);
}

static void never_told(void *arg, struct zone_result *r)
{
	fail_msg("a name that was given up is told");
}

/* abandon-resolve T NAME...: the same with resolvers
 * abandon T NAME...: starts to look, cancels the first after T and drops the finder with the rest
 */
static void abandon_line(struct play *p, const struct strs *w)
{
	struct err e;
	struct zone_finder *f = zone_finder_new(p->loop, p->ask, NULL, &p->fixed, &e);
	struct zone_query *first = NULL;
	struct strs zones = {0}, targets = {0};

	strs_add(&targets, "**.c.test");
	for (size_t i = w->n; i-- > 2;)
		first = strcmp(w->at[0], "abandon") == 0
		            ? zone_find(f, w->at[i], 20000, never_told, p)
		            : zone_find_recursive(f, w->at[i], &zones, &targets, 20000, never_told, p);
	strs_free(&targets);
	fake_loop_advance(p->loop, duration_parse(w->at[1]));
	zone_cancel(first);
	fake_loop_advance(p->loop, 1);
	zone_finder_free(f);
}

static void spread_told(void *arg, const struct spread_result *r)
{
	struct play *p = arg;

	p->end = r->end;
	p->message = xstrdup(r->message);
	for (size_t i = 0; i < r->warnings->n; i++)
		strs_add(&p->warnings, r->warnings->at[i]);
	p->matrix = json_incref(r->matrix);
	loop_stop(p->loop);
}

static void value_vanished(void *arg, const char *value, const char *server)
{
	struct play *p = arg;

	strs_add(&p->vanished, value);
	if (!p->stop_at_vanish)
		return;
	spread_free(p->spread);
	p->spread = NULL;
	loop_stop(p->loop);
}

static struct zone_server server_make(const char *address)
{
	struct zone_server s = {.name = xstrdup(address), .parent = true, .child = true};

	if (inet_pton(AF_INET, address, &((struct sockaddr_in *)&s.address)->sin_addr) == 1) {
		s.address.ss_family = AF_INET;
	} else {
		s.address.ss_family = AF_INET6;
		inet_pton(AF_INET6, address, &((struct sockaddr_in6 *)&s.address)->sin6_addr);
	}
	return s;
}

static void waiting_note(void *arg)
{
	struct play *p = arg;

	p->waiting = spread_waiting_text(p->spread);
}

/* spread OWNER in ZONE values V,V [all] [absent] [timeout T] [first T] [settle T] [told-at T] on ADDRESS... */
static void spread_line(struct play *p, const struct strs *w)
{
	struct spread_wish wish = {
	    .owner = w->at[1], .zone = w->at[3], .deadline = loop_now(p->loop) + 600000};
	struct zone_server server[128];
	struct strs values = {0};
	struct loop_timer *told = loop_timer_new(p->loop, waiting_note, p);

	outcome_clear(p);
	for (size_t i = 4; i < w->n; i++) {
		const char *next = i + 1 < w->n ? w->at[i + 1] : NULL;

		if (strcmp(w->at[i], "values") == 0)
			for (char *v = strtok(w->at[i + 1], ","); v != NULL; v = strtok(NULL, ","))
				strs_add(&values, v);
		else if (strcmp(w->at[i], "all") == 0)
			wish.wait_for = WAIT_FOR_ALL;
		else if (strcmp(w->at[i], "resolver") == 0)
			wish.wait_for = WAIT_FOR_RESOLVER;
		else if (strcmp(w->at[i], "none") == 0)
			wish.wait_for = WAIT_FOR_NONE;
		else if (strcmp(w->at[i], "absent") == 0)
			wish.absent = true;
		else if (strcmp(w->at[i], "timeout") == 0)
			wish.deadline = loop_now(p->loop) + duration_parse(next);
		else if (strcmp(w->at[i], "first") == 0)
			wish.first_ms = (unsigned)duration_parse(next);
		else if (strcmp(w->at[i], "settle") == 0)
			wish.settle_ms = (unsigned)duration_parse(next);
		else if (strcmp(w->at[i], "told-at") == 0)
			loop_timer_set(told, duration_parse(next));
		else if (strcmp(w->at[i], "on") == 0)
			while (++i < w->n)
				server[wish.servers++] = server_make(w->at[i]);
	}
	wish.values = &values;
	wish.server = server;
	p->stop_at_vanish = strs_has(w, "stop-at-vanish");
	p->spread = spread_new(p->loop, p->ask, &wish, spread_told, value_vanished, p);
	strs_free(&values);
	for (size_t i = 0; i < wish.servers; i++)
		free(server[i].name);
	loop_run(p->loop);
	p->took = world_time() - p->began;
	loop_timer_free(told);
	spread_free(p->spread);
	p->spread = NULL;
}

static void absence_told(void *arg, enum txt_absence absence)
{
	struct play *p = arg;

	p->absence = (int)absence;
	loop_stop(p->loop);
}

/* gone OWNER in ZONE value V within T [by-resolver] [shown-by ADDRESS] */
static void gone_line(struct play *p, const struct strs *w)
{
	const struct intent i = {
	    .owner = w->at[1], .zone = w->at[3], .value = w->at[5], .recursive = strs_has(w, "by-resolver")};
	struct zone_server server =
	    strs_has(w, "shown-by") ? server_make(w->at[w->n - 1]) : (struct zone_server){0};
	const struct txt_witness witness = {.name = server.name, .address = server.address};
	struct absences *all;
	struct err e;

	outcome_clear(p);
	p->absence = -1;
	if (p->finder == NULL)
		p->finder = zone_finder_new(p->loop, p->ask, NULL, &p->fixed, &e);
	all = absences_new(p->loop, p->ask, NULL, p->finder);
	absence_prove(all, &i, server.name ? &witness : NULL, duration_parse(w->at[7]), absence_told, p);
	loop_run(p->loop);
	p->took = world_time() - p->began;
	absences_free(all);
	free(server.name);
}

static bool number_holds(unsigned long long is, const char *relation, unsigned long long limit)
{
	if (strcmp(relation, "<=") == 0)
		return is <= limit;
	if (strcmp(relation, ">=") == 0)
		return is >= limit;
	assert_string_equal(relation, "=");
	return is == limit;
}

static bool any_contains(const struct strs *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (strstr(list->at[i], text) != NULL)
			return true;
	return false;
}

/* expect fault NAME | expect found OWNER in ZONE */
static void zone_expect(const struct play *p, const struct strs *w)
{
	static const char *const fault[] = {"found",   "loop",        "too-long", "no-server",
	                                    "blocked", "below-dname", "error"};
	const struct zone_result *r = p->zone;

	check(p, r != NULL, "nothing was looked for");
	if (strcmp(w->at[1], "fault") == 0) {
		check(p, strcmp(fault[r->fault], w->at[2]) == 0, fault[r->fault]);
		check(p, r->message != NULL && *r->message != '\0', "a fault without words");
		return;
	}
	check(p, r->fault == ZONE_FOUND, fault[r->fault]);
	check(p, strcmp(r->owner, w->at[2]) == 0, "another owner");
	check(p, strcmp(r->zone, w->at[4]) == 0, "another zone");
}

static void servers_expect(const struct play *p, const struct strs *w)
{
	char text[64];

	check(p, p->zone->servers == w->n - 2, "another number of servers");
	for (size_t i = 2; i < w->n; i++) {
		bool has = false;

		for (size_t k = 0; k < p->zone->servers; k++)
			has |= strcmp(ask_server_text(&p->zone->server[k].address, text), w->at[i]) == 0;
		check(p, has, w->at[i]);
	}
}

/* expect link N OWNER TARGET ZONE cname|dname|wildcard */
static void link_expect(const struct play *p, const struct strs *w)
{
	static const char *const kind[] = {"cname", "dname", "wildcard"};
	size_t n = strtoul(w->at[2], NULL, 10);
	const struct zone_link *l;

	check(p, n >= 1 && n <= p->zone->links, "no such link");
	l = &p->zone->link[n - 1];
	check(p, strcmp(l->owner, w->at[3]) == 0, l->owner);
	check(p, strcmp(l->target, w->at[4]) == 0, l->target);
	check(p, strcmp(l->zone != NULL ? l->zone : "unknown", w->at[5]) == 0, l->zone);
	check(p, strcmp(kind[l->kind], w->at[6]) == 0, kind[l->kind]);
}

/* expect state ADDRESS STATE */
static void state_expect(const struct play *p, const struct strs *w)
{
	json_t *row;
	size_t i;

	json_array_foreach(p->matrix, i,
	                   row) if (strcmp(json_string_value(json_object_get(row, "address")), w->at[2]) == 0)
	{
		const char *state = json_string_value(json_object_get(row, "state"));

		check(p, strcmp(state, w->at[3]) == 0, state);
		return;
	}
	play_fail(p, "no such server in the matrix");
}

static void end_expect(const struct play *p, const char *wanted)
{
	static const char *const end[] = {"done", "timeout", "nobody"};

	check(p, p->matrix != NULL && strcmp(end[p->end], wanted) == 0, end[p->end]);
	check(p, (p->end == SPREAD_DONE) == (p->message == NULL), "message where none should be, or none");
}

static void absence_expect(const struct play *p, const char *wanted)
{
	static const char *const absence[] = {"gone", "still-seen", "untold"};

	check(p, p->absence >= 0 && strcmp(absence[p->absence], wanted) == 0,
	      p->absence < 0 ? "nothing was told" : absence[p->absence]);
}

static void expect_line(const struct play *p, const struct strs *w)
{
	const char *what = w->at[1];

	if (strcmp(what, "fault") == 0 || strcmp(what, "found") == 0)
		zone_expect(p, w);
	else if (strcmp(what, "servers") == 0)
		servers_expect(p, w);
	else if (strcmp(what, "link") == 0)
		link_expect(p, w);
	else if (strcmp(what, "links") == 0)
		check(p, p->zone->links == strtoul(w->at[2], NULL, 10), "another number of links");
	else if (strcmp(what, "end") == 0)
		end_expect(p, w->at[2]);
	else if (strcmp(what, "absence") == 0)
		absence_expect(p, w->at[2]);
	else if (strcmp(what, "state") == 0)
		state_expect(p, w);
	else if (strcmp(what, "message") == 0)
		check(p, p->message != NULL && strstr(p->message, w->at[2]) != NULL,
		      "the message lacks this");
	else if (strcmp(what, "waiting") == 0)
		check(p, p->waiting != NULL && strstr(p->waiting, w->at[2]) != NULL,
		      p->waiting != NULL ? p->waiting : "nothing was told");
	else if (strcmp(what, "warning") == 0)
		check(p, any_contains(&p->warnings, w->at[2]), "there is no such warning");
	else if (strcmp(what, "no-message") == 0)
		check(p, p->message == NULL || strstr(p->message, w->at[2]) == NULL, "the message has this");
	else if (strcmp(what, "server-count") == 0)
		check(p, number_holds(p->zone->servers, w->at[2], strtoul(w->at[3], NULL, 10)), "servers");
	else if (strcmp(what, "complete") == 0 || strcmp(what, "incomplete") == 0)
		check(p, p->zone->cut_short == (*what == 'i'), "cut short or not");
	else if (strcmp(what, "registered") == 0 || strcmp(what, "unregistered") == 0)
		check(p, p->zone->unregistered == (*what == 'u'), "registered or not");
	else if (strcmp(what, "no-warning") == 0)
		check(p, p->warnings.n == 0, "there is a warning");
	else if (strcmp(what, "vanished") == 0)
		check(p, number_holds(p->vanished.n, w->at[2], strtoul(w->at[3], NULL, 10)), "vanished");
	else if (strcmp(what, "all-found") == 0)
		check(p, p->faults == 0 && p->found == p->wanted, "not all were found");
	else if (strcmp(what, "took") == 0)
		check(p, number_holds(p->took, w->at[2], duration_parse(w->at[3])), "took another time");
	else if (strcmp(what, "asked") == 0)
		check(p, number_holds(world_asked(w->at[2]), w->at[3], strtoul(w->at[4], NULL, 10)),
		      "asked another number of times");
	else if (strcmp(what, "questions") == 0)
		check(p, number_holds(world_questions(w->at[2]), w->at[3], strtoul(w->at[4], NULL, 10)),
		      "asked about it another number of times");
	else if (strcmp(what, "looked") == 0)
		check(p, number_holds(world_looked(w->at[2]), w->at[3], strtoul(w->at[4], NULL, 10)),
		      "the resolver was asked another number of times");
	else
		play_fail(p, "what is to be expected?");
}

static void line_play(struct play *p, const struct strs *w)
{
	if (strcmp(w->at[0], "find") == 0 || strcmp(w->at[0], "resolve") == 0)
		find_line(p, w);
	else if (strncmp(w->at[0], "abandon", strlen("abandon")) == 0)
		abandon_line(p, w);
	else if (strcmp(w->at[0], "spread") == 0)
		spread_line(p, w);
	else if (strcmp(w->at[0], "gone") == 0)
		gone_line(p, w);
	else if (strcmp(w->at[0], "expect") == 0)
		expect_line(p, w);
	else if (strcmp(w->at[0], "servers-for") == 0)
		strs_add(&p->fixed, w->at[1]);
	else if (strcmp(w->at[0], "cname-target") == 0)
		strs_add(&p->follow, w->at[1]);
	else if (strcmp(w->at[0], "wait") == 0)
		fake_loop_advance(p->loop, duration_parse(w->at[1]));
	else
		check(p, world_line(w), "not a line of a scenario");
}

static void scenario_play(void **state)
{
	struct play p = {.file = *state};
	FILE *f = fopen(p.file, "r");
	char line[LINE_MOST];

	assert_non_null(f);
	p.loop = loop_new();
	p.ask = ask_new(p.loop);
	world_open(p.loop);
	while (fgets(line, sizeof(line), f) != NULL) {
		struct strs words = {0};

		p.line++;
		words_split(line, &words);
		if (words.n > 0)
			line_play(&p, &words);
		strs_free(&words);
	}
	fclose(f);
	zone_finder_free(p.finder);
	outcome_clear(&p);
	assert_int_equal(fake_loop_watchers(p.loop), 0);
	world_close();
	ask_free(p.ask);
	strs_free(&p.fixed);
	loop_free(p.loop);
}

/* An argument is a pattern of the scenarios to play. */
int main(int argc, char **argv)
{
	struct CMUnitTest *test;
	glob_t files;
	int rc;

	if (glob(SCENARIOS "/*.scn", 0, NULL, &files) != 0)
		return 99;
	test = xcalloc(files.gl_pathc, sizeof(*test));
	for (size_t i = 0; i < files.gl_pathc; i++)
		test[i] = (struct CMUnitTest){strrchr(files.gl_pathv[i], '/') + 1, scenario_play, NULL, NULL,
		                              files.gl_pathv[i]};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	rc = _cmocka_run_group_tests("scenarios", test, files.gl_pathc, NULL, NULL);
	free(test);
	globfree(&files);
	return rc;
}
