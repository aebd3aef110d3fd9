#include "config.h"

#include <stdint.h>

#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/options.h"
#include "launcher/plan.h"
#include "launcher/plan_places.h"
#include "launcher/status.h"
#include "launcher/status_count.h"
#include "launcher/status_table.h"

struct view {
	struct options o;
	struct status s;
	struct status_counts counts;
	struct plan plan;
};

static void take(void *arg, const struct standing_certificate *c)
{
	struct view *v = arg;
	status_count(&v->counts, c);
	plan_take(&v->plan, c);
}

static void take_counted(void *arg, const char *ca, int64_t from, size_t n)
{
	struct view *v = arg;
	status_count_well(&v->counts, ca, from, n);
}

static int plan(struct view *v)
{
	const struct status_limits none = {-1, -1, -1, false};
	bool json = spec_yes(v->o.run, KEY_JSON), all = json || spec_yes(v->o.run, KEY_ALL);
	struct err e;
	status_counts_begin(&v->counts, v->s.now, &none);
	plan_begin(&v->plan, &v->s, json, all ? SIZE_MAX : STATUS_FEW);
	if (!status_each(&v->s, take, v, &e) || !plan_places_read(&v->plan, &e))
		return (int)events_refuse(EXIT_FAILED, &e);
	plan_reckon(&v->plan, &v->counts);
	if (json)
		plan_print_json(&v->plan, &v->counts);
	else
		plan_print(&v->plan, &v->counts);
	return EXIT_DONE;
}

int cmd_plan(int argc, char **argv)
{
	static struct view v; /* not freed: 100,000 certificates one by one before the end of the process */
	struct err e;
	int code;
	v.s.counted = take_counted;
	if (options_begin(SPEC_PLAN, argc, argv, &v.o, &code)) {
		events_open(EVENTS_QUIET, 0); /* what is wrong is told on stderr, whatever stdout is for */
		code = status_load(&v.s, &v.o, &e) ? plan(&v) : (int)events_refuse(EXIT_USAGE, &e);
	}
	return code;
}
