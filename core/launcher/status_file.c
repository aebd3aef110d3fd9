#include "config.h"

#include "launcher/status_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/mem.h"
#include "launcher/events.h"
#include "launcher/jsonfile.h"
#include "launcher/status.h"
#include "launcher/status_count.h"
#include "launcher/status_json.h"

#define LOCK_MS 10000

struct writing {
	const char *state;
	struct options o;
	struct status s;
	struct status_counts counts;
	struct status_json json;
};

static void take(void *arg, const struct standing_certificate *c)
{
	struct writing *w = arg;
	status_count(&w->counts, c);
	status_json_row(&w->json, c);
}

static bool print(struct writing *w, FILE *out, struct err *e)
{
	const struct status_limits none = {-1, -1, -1, false};
	bool ok = status_load(&w->s, &w->o, e);
	if (ok) {
		status_counts_begin(&w->counts, w->s.now, &none);
		status_json_begin(&w->json, &w->s, out);
		ok = status_each(&w->s, take, w, e);
		status_json_end(&w->json, &w->counts);
		status_counts_free(&w->counts);
	}
	status_free(&w->s);
	return ok;
}

static bool finish(FILE *out)
{
	bool ok = fflush(out) == 0 && !ferror(out) && fsync(fileno(out)) == 0;
	int trouble = errno;
	ok = fclose(out) == 0 && ok;
	errno = ok ? errno : trouble;
	return ok;
}

/* What a killed run left there is written over. */
static FILE *open_new(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	FILE *out = fd >= 0 && fchmod(fd, 0644) == 0 ? fdopen(fd, "w") : NULL;
	if (!out && fd >= 0)
		close(fd);
	return out;
}

static bool replace(struct writing *w, struct err *e)
{
	char *path = xasprintf("%s/status.json", w->state), *new = xasprintf("%s/.status.json", w->state);
	FILE *out = open_new(new);
	bool printed = out && print(w, out, e), ok = out && finish(out) && printed;
	ok = ok && rename(new, path) == 0 && jsonfile_sync(w->state);
	if (!ok && (printed || !out))
		err_set(e, "%s", strerror(errno));
	if (!ok)
		unlink(new);
	free_all(path, new);
	return ok;
}

void status_file_write(const char *state, const char *config)
{
	struct writing w = {.state = state};
	struct err e = {""};
	char *folder = xasprintf("%s/locks", state);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	w.o.run = json_pack("{s:s, s:s*}", spec_name(KEY_STATE), state, spec_name(KEY_CONFIG), config);
	events_mute(true);
	/* One after the other, so that the last to write has seen what the others did; one that hangs is not waited for. */
	bool ok = fd < 0 || !io_lock(fd, LOCK_MS) || replace(&w, &e);
	events_mute(false);
	if (!ok)
		events_say(SAY_WARN, "state", "%s/status.json is not up to date: %s", state, e.text);
	if (fd >= 0)
		close(fd);
	options_free(&w.o);
	free(folder);
}
