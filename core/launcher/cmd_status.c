#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/options.h"
#include "launcher/status.h"
#include "launcher/status_count.h"
#include "launcher/status_json.h"
#include "launcher/status_table.h"

#define UNKNOWN 3 /* the word of monitoring for a check that could not be made */

struct view {
	struct options o;
	struct status s;
	struct status_counts counts;
	struct status_limits limits;
	struct status_table table;
	struct status_json json;
};

static int64_t age(const struct options *o, enum spec_key key)
{
	return json_object_get(o->run, spec_name(key)) ? (int64_t)spec_number(o->run, key) : -1;
}

static bool read_failed(struct status_limits *l, const char *text, struct err *e)
{
	char *end;
	l->failed = -1;
	if (!text)
		return true;
	long n = strtol(text, &end, 10);
	l->failed = n;
	l->failed_percent = strcmp(end, "%") == 0;
	return (*text >= '0' && *text <= '9' && n <= 10000000 && (!*end || l->failed_percent)) ||
	       err_set(e, "--max-failed is a number of certificates or a share of them: 5 or 1%%");
}

static bool read_limits(struct view *v, struct err *e)
{
	const struct options *o = &v->o;
	bool given = json_object_get(o->run, spec_name(KEY_WARN)) ||
	             json_object_get(o->run, spec_name(KEY_CRIT)) ||
	             json_object_get(o->run, spec_name(KEY_MAX_FAILED));
	if (given && !spec_yes(o->run, KEY_CHECK))
		return err_set(e, "--warn, --crit and --max-failed are for dnsproof status --check");
	if (spec_yes(o->run, KEY_CHECK) && spec_yes(o->run, KEY_JSON))
		return err_set(e, "--check prints one line for monitoring; leave out --json or --check");
	v->limits = (struct status_limits){.warn = age(o, KEY_WARN), .crit = age(o, KEY_CRIT)};
	return read_failed(&v->limits, spec_text(o->run, KEY_MAX_FAILED), e);
}

static void count_row(void *arg, const struct standing_certificate *c)
{
	struct view *v = arg;
	status_count(&v->counts, c);
}

static void table_row(void *arg, const struct standing_certificate *c)
{
	struct view *v = arg;
	count_row(v, c);
	status_table_row(&v->table, c);
}

static void json_row(void *arg, const struct standing_certificate *c)
{
	struct view *v = arg;
	count_row(v, c);
	status_json_row(&v->json, c);
}

static int check(struct view *v, bool ok, const struct err *e)
{
	const struct status *s = &v->s;
	struct buf line;
	int code = UNKNOWN;
	buf_init(&line, 0);
	if (ok) {
		const struct status_rest rest = {.owed = json_array_size(s->owed),
		                                 .revocations = s->revocations.n,
		                                 .broken = s->i.loaded.broken,
		                                 .lines = s->i.loaded.lines + s->i.damaged,
		                                 .whole = s->whole};
		code = status_judge(&v->counts, &rest, &line);
	}
	if (ok && !s->started)
		code = UNKNOWN;
	if (code == UNKNOWN)
		printf("UNKNOWN: %s\n",
		       ok ? "there has been no run yet; is this the state folder?" : e->text);
	else
		puts(line.data);
	buf_free(&line);
	return code;
}

static int show(struct view *v, bool ok, struct err *e)
{
	bool checks = spec_yes(v->o.run, KEY_CHECK), json = spec_yes(v->o.run, KEY_JSON);
	status_counts_begin(&v->counts, v->s.now, &v->limits);
	if (ok && json)
		status_json_begin(&v->json, &v->s, stdout);
	status_table_begin(&v->table, &v->s);
	ok = ok && status_each(&v->s, checks ? count_row : json ? json_row : table_row, v, e);
	if (checks)
		return check(v, ok, e);
	if (!ok)
		return (int)events_refuse(EXIT_FAILED, e);
	if (json)
		status_json_end(&v->json, &v->counts);
	else
		status_table_end(&v->table, &v->counts);
	return EXIT_DONE;
}

int cmd_status(int argc, char **argv)
{
	static struct view v; /* not freed: 100,000 certificates one by one before the end of the process */
	struct err e;
	int code;
	if (options_begin(SPEC_STATUS, argc, argv, &v.o, &code)) {
		events_open(EVENTS_QUIET, 0); /* what is wrong is told on stderr, whatever stdout is for */
		bool usage = read_limits(&v, &e), ok = usage && status_load(&v.s, &v.o, &e);
		code = ok || (usage && spec_yes(v.o.run, KEY_CHECK)) ? show(&v, ok, &e)
		                                                     : (int)events_refuse(EXIT_USAGE, &e);
	}
	return code;
}
