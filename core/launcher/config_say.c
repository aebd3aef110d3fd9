#include "config.h"

#include "launcher/config_say.h"

#include "launcher/events.h"

#define SHOWN_MOST 100 /* messages of a kind about one file */

static void say(const struct configuration *c, const struct trouble *t)
{
	enum say_level level = t->kind == TROUBLE_NOTE ? SAY_WARN : SAY_ERROR;
	if (t->line)
		events_say(level, "config", "%s:%u: %s", c->files.at[t->file], t->line, t->text);
	else
		events_say(level, "config", "%s: %s", c->files.at[t->file], t->text);
}

void config_say(const struct configuration *c, const struct troubles *t)
{
	for (size_t i = 0, from = 0; i < t->n; i++) {
		if (t->at[i].file != t->at[from].file)
			from = i;
		if (i - from < SHOWN_MOST)
			say(c, &t->at[i]);
		else if (i + 1 == t->n || t->at[i + 1].file != t->at[i].file)
			events_say(SAY_ERROR, "config", "%s: %zu more messages are not shown",
			           c->files.at[t->at[i].file], i + 1 - from - SHOWN_MOST);
	}
}
