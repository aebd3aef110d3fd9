#include "config.h"

#include "launcher/import/adopter.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/wire.h"
#include "launcher/child.h"
#include "launcher/lines.h"

static bool start(struct adopter *a, int document, struct err *e)
{
	char *path = child_program(PROGDIR, "DNSPROOF_PROGDIR", "dnsproof-keeper");
	char *argv[] = {(char *)"dnsproof-keeper", NULL};
	int pair[2] = {-1, -1};
	bool ok = child_socketpair(pair, e);
	int fds[] = {-1, -1, STDERR_FILENO, pair[1], document};
	const struct child_plan plan = {.path = path, .argv = argv, .fds = fds, .n = 5};
	a->keeper = ok ? child_start(&plan, e) : -1;
	a->fd = pair[0];
	if (pair[1] >= 0)
		close(pair[1]);
	free(path);
	return a->keeper > 0;
}

bool adopter_start(struct adopter *a, const char *state, json_t *pair, struct err *e)
{
	struct buf b;
	*a = (struct adopter){.keeper = -1, .fd = -1};
	buf_init(&a->rest, 0);
	buf_init(&b, 0);
	lines_add(&b, json_pack("{s:s, s:s, s:o}", "state", state, "command", "import", "pair", pair));
	int document = child_document(b.data, e);
	bool ok = document >= 0 && start(a, document, e);
	buf_wipe(&b);
	if (document >= 0)
		close(document);
	return ok;
}

/* New object; NULL with e. */
static json_t *ask(struct adopter *a, json_t *request, struct err *e)
{
	json_t *answer = NULL;
	const char *why = "";
	json_object_set_new(request, "id", json_integer(++a->id));
	if (!wire_write(a->fd, request) || wire_read(a->fd, &a->rest, &answer, &why) != 1) {
		err_set(e, "dnsproof-keeper ended unexpectedly; the files are not what they are called");
		return NULL;
	}
	const char *error = json_string_value(json_object_get(answer, "error"));
	if (!error)
		return answer;
	err_set(e, "%s", error);
	json_decref(answer);
	return NULL;
}

json_t *adopter_look(struct adopter *a, struct err *e)
{
	return ask(a, json_pack("{s:s}", "op", "pair"), e);
}

bool adopter_publish(struct adopter *a, const char *id, struct err *e)
{
	json_t *answer = ask(a, json_pack("{s:s, s:s}", "op", "adopt", "cert", id), e);
	json_decref(answer);
	return answer;
}

void adopter_end(struct adopter *a)
{
	if (a->fd >= 0)
		close(a->fd);
	if (a->keeper > 0)
		child_wait(a->keeper);
	buf_free(&a->rest);
}
