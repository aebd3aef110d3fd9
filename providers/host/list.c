#include "config.h"

#include "list.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/log.h"
#include "describe.h"

static int show(const char *name, const struct folders *where, bool json, int out)
{
	struct provision p;
	struct err e;
	char *line;

	if (!provision_find(name, where, &p, &e)) {
		log_error("%s", e.text);
		return 1;
	}
	if (json) {
		json_t *described = describe_json(&p);

		line = json_dumps(described, JSON_COMPACT);
		json_decref(described);
		dprintf(out, "%s\n", line ? line : "{}");
		free(line);
	} else {
		dprintf(out, "%-18s %s\n", name, p.table.summary ? p.table.summary : "");
	}
	return 0;
}

enum { LIST_READER_GONE = -1 };

/* 0 = shown, 1 = not, LIST_READER_GONE = nobody reads any more (a pager that was left). */
static int show_apart(const char *name, const struct folders *where, bool json, int out)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		_exit(show(name, where, json, out));
	if (pid < 0) {
		log_error("%s: %s", name, strerror(errno));
		return 1;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
		return LIST_READER_GONE;
	if (WIFSIGNALED(status))
		log_error("module %s: ended by signal %d while it was loaded", name, WTERMSIG(status));
	return status != 0;
}

int list_modules(const struct folders *where, bool json, int out)
{
	struct strs names = {0};
	struct err e;
	int bad = 0;

	if (!provision_names(where, &names, &e)) {
		log_error("%s", e.text);
		return 2;
	}
	for (size_t i = 0; i < names.n; i++) {
		int shown = show_apart(names.at[i], where, json, out);
		if (shown == LIST_READER_GONE)
			break;
		bad |= shown;
	}
	strs_free(&names);
	return bad;
}
