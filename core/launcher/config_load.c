#include "config.h"

#include "launcher/config_load.h"

#include "common/when.h"
#include "launcher/config_say.h"
#include "launcher/events.h"

static void say_since(const struct accepted *a)
{
	char since[WHEN_ROOM];
	events_say(SAY_WARN, "config", "going on with the configuration of %s", when_text(a->since, since));
}

/* Into c, in the place of what is there. */
static bool read_accepted(struct configuration *c, struct accepted *a, const char *path)
{
	struct troubles t = {0};
	struct err e;
	a->only = true;
	configuration_free(c);
	bool ok = configuration_read(c, path, a, &t, &e) && !t.broken;
	if (ok)
		say_since(a);
	else
		events_say(SAY_ERROR, "config",
		           "the copy of the last configuration that was right cannot be used (%s); what it "
		           "has rests",
		           t.n ? t.at[0].text : e.text);
	troubles_free(&t);
	return ok;
}

bool config_load(struct configuration *c, struct accepted *a, const char *state, const char *path,
                 struct config_loaded *l, struct err *e)
{
	struct troubles t = {0};
	accepted_open(a, state, path);
	bool there = configuration_read(c, path, a, &t, e), was = a->old.n != 0;
	if (there)
		config_say(c, &t);
	else if (was)
		events_say(SAY_ERROR, "config",
		           "%s; if it is to be without one, remove the folder accepted in the state folder",
		           e->text);
	*l = (struct config_loaded){.broken = t.broken || (!there && was), .lines = t.lines};
	l->there = l->broken ? was && read_accepted(c, a, path) : there;
	troubles_free(&t);
	return there || was;
}

void config_keep(struct accepted *a, const struct config_loaded *l)
{
	struct err e;
	if (l->there && !l->broken && !accepted_keep(a, &e))
		events_say(SAY_WARN, "config", "%s", e.text);
	accepted_close(a);
}
