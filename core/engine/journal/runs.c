#include "engine/journal/runs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/db.h"
#include "common/mem.h"
#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

void run_insert(struct turn *t, const char *run)
{
	rows_change(t, "INSERT INTO runs(id,started) VALUES(?,?)", "si", run, turn_wall(t));
}

void run_end(struct turn *t, const char *run, bool whole)
{
	rows_change(t, "UPDATE runs SET ended=?, whole=? WHERE id=?", "iis", turn_wall(t), (int64_t)whole,
	            run);
	rows_change(t, "DELETE FROM claims WHERE run=?", "s", run);
}

/* Dead is a run whose file is gone, or whose lock we get: its launcher, engine and provider hosts all held it. */
bool run_is_alive(const char *state, const char *run)
{
	char *path = xasprintf("%s/runs/%s.lock", state, run);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	bool alive = fd < 0 && errno != ENOENT; /* any other error says nothing: it may well live */

	if (fd >= 0) {
		alive = flock(fd, LOCK_EX | LOCK_NB) != 0;
		if (!alive)
			unlink(path);
		close(fd);
	}
	free(path);
	return alive;
}

static bool collect_run(void *arg, struct db_row *r)
{
	if (db_text(r, 0))
		strs_add(arg, db_text(r, 0));
	return true;
}

bool runs_alive(struct turn *t, const char *state, const char *own, struct strs *alive)
{
	struct strs open_runs = {0};
	struct db *d = turn_db(t);
	struct err e;

	strs_add(alive, own);
	if (d && !db_each(d, &e, collect_run, &open_runs, "SELECT id FROM runs WHERE ended IS NULL", ""))
		turn_fail(t, e.text);
	for (size_t i = 0; i < open_runs.n; i++) {
		const char *run = open_runs.at[i];
		if (strcmp(run, own) == 0)
			continue;
		if (run_is_alive(state, run))
			strs_add(alive, run);
		else
			rows_change(t, "UPDATE runs SET ended=? WHERE id=?", "is", turn_wall(t), run);
	}
	strs_free(&open_runs);
	return turn_db(t) != NULL;
}

enum claim claim_take(struct turn *t, const char *cert, const char *run, const struct strs *alive,
                      char **holder)
{
	*holder = rows_text(t, "SELECT run FROM claims WHERE cert=?", "s", cert);
	if (*holder && strcmp(*holder, run) != 0 && strs_has(alive, *holder))
		return CLAIM_HELD;
	bool over = *holder && strcmp(*holder, run) != 0;
	free(*holder);
	*holder = NULL;
	rows_change(t, "INSERT OR REPLACE INTO claims(cert,run) VALUES(?,?)", "ss", cert, run);
	return !turn_db(t) ? CLAIM_FAILED : over ? CLAIM_TAKEN_OVER : CLAIM_TAKEN;
}
