#include "config.h"

#include "engine/peers/keeper.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"
#include "common/wire.h"

#define SILENCE_MS 300000 /* an RSA key on a slow machine takes its time */
#define WORDS_MOST 1000

struct keeper_call {
	json_int_t id;
	keeper_fn *fn; /* NULL when cancelled */
	void *arg;
	bool unsaid; /* its line would be too long */
	struct keeper_call *next;
};

struct keeper {
	struct wire *wire; /* NULL once the keeper is gone */
	struct loop_timer *silence, *failing, *refusing;
	char *why; /* set once the keeper is gone */
	void (*gone)(void *arg, const char *why);
	void *arg;
	json_int_t last_id;
	struct keeper_call *calls, **calls_end;
	bool busy, freed;
};

static void destroy(struct keeper *s)
{
	free(s->why);
	free(s);
}

static void leave(struct keeper *s)
{
	s->busy = false;
	if (s->freed)
		destroy(s);
}

static struct keeper_call *take_first(struct keeper *s)
{
	struct keeper_call *c = s->calls;

	if (!c)
		return NULL;
	s->calls = c->next;
	if (!s->calls)
		s->calls_end = &s->calls;
	return c;
}

static struct keeper_call *take(struct keeper *s, json_int_t id)
{
	struct keeper_call **at = &s->calls, *c;

	while ((c = *at) && c->id != id)
		at = &c->next;
	if (!c)
		return NULL;
	*at = c->next;
	if (!c->next)
		s->calls_end = at;
	return c;
}

static void answer(struct keeper_call *c, const json_t *line, const char *error)
{
	if (c->fn)
		c->fn(c->arg, line, error);
	free(c);
}

/* What could not be said costs its caller only. */
static void on_refusing(void *arg)
{
	struct keeper *s = arg;
	struct keeper_call **at = &s->calls, *c;

	s->busy = true;
	while (!s->freed && (c = *at)) {
		if (!c->unsaid) {
			at = &c->next;
			continue;
		}
		take(s, c->id);
		answer(c, NULL, "a request to the keeper would be longer than 1 MiB");
		at = &s->calls; /* the list may be another by now */
	}
	if (!s->calls)
		loop_timer_stop(s->silence);
	leave(s);
}

static void lose_keeper(struct keeper *s, const char *why)
{
	wire_free(s->wire);
	s->wire = NULL;
	loop_timer_stop(s->silence);
	s->why = xasprintf("the keeper is gone (%s)", why);
	loop_timer_set(s->failing, 0);
}

static void on_failing(void *arg)
{
	struct keeper *s = arg;
	void (*gone)(void *, const char *) = s->gone;
	struct keeper_call *c;
	json_int_t last = s->last_id; /* calls made from now on wait for the next turn */

	s->busy = true;
	s->gone = NULL;
	while (!s->freed && s->calls && s->calls->id <= last) {
		c = take_first(s);
		answer(c, NULL, s->why);
	}
	if (gone && !s->freed)
		gone(s->arg, s->why);
	leave(s);
}

static void on_silence(void *arg)
{
	lose_keeper(arg, "it has not answered for 5 minutes");
}

static void on_answer(struct keeper *s, json_t *line)
{
	const json_t *id = json_object_get(line, "id");
	const char *error = json_string_value(json_object_get(line, "error"));
	struct keeper_call *c = json_is_integer(id) ? take(s, json_integer_value(id)) : NULL;
	char *words;

	if (!c) {
		lose_keeper(s, "it answered what was not asked");
		return;
	}
	if (s->calls)
		loop_timer_set(s->silence, SILENCE_MS);
	else
		loop_timer_stop(s->silence);
	if (!error) {
		answer(c, line, NULL);
		return;
	}
	words = str_printable(error, WORDS_MOST);
	answer(c, line, words);
	free(words);
}

static void on_line(void *arg, json_t *line, int passed_fd, const char *why)
{
	struct keeper *s = arg;

	s->busy = true;
	if (passed_fd >= 0) {
		close(passed_fd);
		lose_keeper(s, "it sent a descriptor");
	} else if (line) {
		on_answer(s, line);
	} else {
		lose_keeper(s, why);
	}
	leave(s);
}

struct keeper *keeper_new(struct loop *l, int fd, void (*gone)(void *arg, const char *why), void *arg)
{
	struct keeper *s = xcalloc(1, sizeof(*s));

	s->gone = gone;
	s->arg = arg;
	s->calls_end = &s->calls;
	s->silence = loop_timer_new(l, on_silence, s);
	s->failing = loop_timer_new(l, on_failing, s);
	s->refusing = loop_timer_new(l, on_refusing, s);
	s->wire = wire_new(l, fd, fd, on_line, s);
	return s;
}

void keeper_free(struct keeper *s)
{
	struct keeper_call *c;

	if (!s)
		return;
	while ((c = take_first(s)))
		free(c);
	wire_free(s->wire);
	loop_timer_free(s->silence);
	loop_timer_free(s->failing);
	loop_timer_free(s->refusing);
	s->wire = NULL;
	if (s->busy)
		s->freed = true;
	else
		destroy(s);
}

struct keeper_call *keeper_send(struct keeper *s, json_t *request, keeper_fn *fn, void *arg)
{
	struct keeper_call *c = xcalloc(1, sizeof(*c));

	*c = (struct keeper_call){.id = ++s->last_id, .fn = fn, .arg = arg};
	json_object_set_new(request, "id", json_integer(c->id));
	if (!s->calls)
		loop_timer_set(s->silence, SILENCE_MS);
	*s->calls_end = c;
	s->calls_end = &c->next;
	if (s->wire) {
		c->unsaid = !wire_send(s->wire, request, -1);
		if (c->unsaid)
			loop_timer_set(s->refusing, 0);
		return c;
	}
	json_decref(request);
	loop_timer_stop(s->silence);
	loop_timer_set(s->failing, 0);
	return c;
}

void keeper_cancel(struct keeper_call *c)
{
	if (c)
		c->fn = NULL;
}
