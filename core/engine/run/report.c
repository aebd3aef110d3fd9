#include "engine/run/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/bucket.h"
#include "common/lifetime.h"
#include "common/mem.h"
#include "engine/journal/ca_waits.h"
#include "engine/journal/runs.h"
#include "engine/journal/schema.h"
#include "engine/peers/launcher.h"
#include "engine/run/brief.h"
#include "engine/run/due.h"
#include "engine/run/parts.h"

#define PART 500 /* rows in one line */

struct report {
	struct world *e;
	const struct report_kind *kind;
	json_t *rows;
	char *run; /* that was looked at last */
	bool alive;
	struct brief *brief; /* NULL: all is told */
};

struct report_kind {
	const char *name, *columns; /* as in db.h */
	const char *sql;
	json_t *(*row)(struct report *r,
	               struct db_row *row); /* NULL: what the columns say; its result may be NULL */
};

static json_t *row_plain(const struct report *r, struct db_row *row)
{
	json_t *list = json_array();
	const char *columns = r->kind->columns;

	for (int i = 0; columns[i]; i++) {
		const char *text = columns[i] == 's' ? db_text(row, i) : NULL;

		json_array_append_new(list, text                ? json_string(text)
		                            : columns[i] == 'i' ? json_integer(db_int(row, i))
		                                                : json_null());
	}
	return list;
}

/* What a living run works on is its own business. The run is the column after those that are sent. */
static json_t *row_of_dead(struct report *r, struct db_row *row)
{
	const char *run = db_text(row, (int)strlen(r->kind->columns));

	if (!run)
		return row_plain(r, row);
	if (!r->run || strcmp(r->run, run) != 0) {
		free(r->run);
		r->run = xstrdup(run);
		r->alive = run_is_alive(r->e->job->state, run);
	}
	return r->alive ? NULL : row_plain(r, row);
}

static json_t *row_limited(struct report *r, struct db_row *row)
{
	const char *account = db_text(row, 0), *bucket = db_text(row, 1);
	const struct job_ca *ca = job_ca(r->e->job, account);
	bool set = str_starts(bucket, BUCKET_SET);
	int64_t now = loop_wall(r->e->loop), until;

	if (!ca || !(set || str_starts(bucket, BUCKET_FAILURES)))
		return NULL;
	const struct bucket_limit *l = &ca->limit[set ? JOB_LIMIT_SETS : JOB_LIMIT_FAILURES];
	until = l->most ? bucket_free_at(l, db_int(row, 2), 0, now) : now;
	return until > now ? json_pack("[s, s, I]", account, bucket, (json_int_t)until) : NULL;
}

enum {
	AT_SINCE = 7, /* columns sent before those of the CA's advice */
	AT_UNTIL,
	AT_GONE,
	AT_CHOSEN,
	AT_FAILED,
	AT_HEEDED,
	AT_HEEDED_AT,
	AT_RENEWS,
	AT_LOOK,
	AT_RENEWED,
	AT_START,
	AT_END
};

static const char *text_at(struct db_row *row, int column)
{
	const char *text = db_text(row, column);

	return text ? text : "";
}

/* As one text, for speed: there may be 100,000. */
static json_t *row_certificate(struct report *r, struct db_row *row)
{
	const char *id = db_text(row, 0), *machine = r->e->job->machine;
	const struct advice_row advice = {.start = db_int(row, AT_START),
	                                  .end = db_int(row, AT_END),
	                                  .chosen = db_int(row, AT_CHOSEN),
	                                  .failed = db_int(row, AT_FAILED),
	                                  .heeded = db_int(row, AT_HEEDED),
	                                  .heeded_at = db_int(row, AT_HEEDED_AT)};
	const struct due_when when = {.now = loop_wall(r->e->loop),
	                              .seed = lifetime_seed(machine ? machine : "", id, NULL),
	                              .advice = advice.chosen ? &advice : NULL};
	struct due_dates dates = {.since = db_int(row, AT_SINCE), .until = db_int(row, AT_UNTIL)};

	if (dates.until)
		due_from(&when, &dates);
	const struct brief_certificate one = {.id = id,
	                                      .ca = text_at(row, 3),
	                                      .dates = &dates,
	                                      .window = db_int(row, AT_RENEWED),
	                                      .gone = db_int(row, AT_GONE) != 0,
	                                      .renews = db_int(row, AT_RENEWS) != 0,
	                                      .look = db_int(row, AT_LOOK) == 0};
	if (r->brief && brief_counts(r->brief, &one))
		return NULL;
	char *text = xasprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64
	                       "\t%d\t%" PRId64 "\t%" PRId64 "\t%" PRId64,
	                       id, text_at(row, 1), text_at(row, 2), text_at(row, 3), text_at(row, 4),
	                       text_at(row, 5), text_at(row, 6), dates.since, dates.until, dates.from,
	                       dates.advised, db_int(row, AT_GONE), dates.earliest, dates.latest);
	json_t *all = json_string(text);
	free(text);
	return all;
}

static json_t *row_failing(struct report *r, struct db_row *row)
{
	if (r->brief)
		brief_failing(r->brief, db_text(row, 0));
	return row_plain(r, row);
}

static const struct report_kind kinds[] = {
    {"runs", "ii",
     "SELECT coalesce(max(CASE WHEN whole THEN ended END),0), coalesce(max(started),0) FROM runs", NULL},
    {"failing", "ssiiisis",
     "SELECT substr(name,8) AS id, ca_account, failures, not_before, pause, class,"
     " coalesce((SELECT min(created) FROM orders o WHERE o.cert=substr(b.name,8) AND o.state='failed'"
     " AND o.id>coalesce((SELECT max(id) FROM orders p WHERE p.cert=o.cert AND p.state='published'),0)),0),"
     " (SELECT json_extract(detail,'$.text') FROM events v WHERE v.cert=substr(b.name,8)"
     " AND v.event='failed' ORDER BY v.id DESC LIMIT 1)"
     " FROM backoff b WHERE class IN ('passing','person') AND name LIKE 'failed %' ORDER BY id",
     row_failing},
    {"ca_failing", "ssi",
     "SELECT substr(name,7) AS id, ca_account, failures FROM backoff WHERE class='ca' ORDER BY id", NULL},
    {"names_failing", "si",
     "SELECT substr(name,10) AS id, not_before FROM backoff WHERE class='names' ORDER BY id", NULL},
    {"rests", "si", "SELECT substr(name,7), not_before FROM backoff WHERE class='rests' ORDER BY name", NULL},
    {"later", "ssi",
     "SELECT ca_account, CASE name WHEN 'later CA' THEN '' ELSE substr(name,7) END, not_before FROM backoff "
     "WHERE class='later' AND not_before>?1"
     " UNION ALL SELECT ca_account, '" ABOUT_NEW_ORDERS
     "', min(not_before) FROM backoff WHERE class='later' AND"
     " name LIKE 'later [%' AND not_before>?1 GROUP BY ca_account HAVING count(*)>=" CA_WAIT_SETS_MEAN_ALL
     " ORDER BY 1, 2",
     NULL},
    {"ledger", "si",
     "SELECT ca_account, full_at FROM ledger WHERE bucket='" BUCKET_ORDERS
     "' AND full_at>?1 ORDER BY ca_account",
     NULL},
    {"limited", "ssi",
     "SELECT ca_account, bucket, full_at FROM ledger WHERE bucket<>'" BUCKET_ORDERS "' AND full_at>?1"
     " ORDER BY ca_account, bucket",
     row_limited},
    {"owed", "ssss",
     "SELECT owner, zone, value, dns_account, run FROM intents WHERE state<>'gone' ORDER BY run, owner",
     row_of_dead},
    {"orders", "sssi",
     "SELECT cert, ca_account, state, created, run FROM orders"
     " WHERE state IN ('wanted','open','finalized','issued') ORDER BY run, cert",
     row_of_dead},
    {"certificates", "",
     "SELECT c.cert, key_type, coalesce(nullif(published,''),names), ca_account, dns_accounts, directory,"
     " profile, not_before, not_after, gone, coalesce(chosen,0), coalesce(failed,0), coalesce(heeded,0),"
     " coalesce(heeded_at,0), renews, look_at, renewed_from, coalesce(window_start,0),"
     " coalesce(window_end,0) FROM certificates c LEFT JOIN ari a ON a.cert=c.cert AND "
     "a.cert_id=c.ari"
     " ORDER BY c.cert, key_type",
     row_certificate},
};

static const struct report_kind places = {
    "places", "sssssi",
    "SELECT DISTINCT cert, base, owner, zone, dns_account, created FROM"
    " (SELECT *, max(created) OVER (PARTITION BY base) AS newest FROM"
    " (SELECT cert, CASE WHEN name LIKE '*.%' THEN substr(name,3) ELSE name END AS base, owner, zone,"
    " dns_account, created FROM orders o JOIN intents i ON i.order_id=o.id WHERE cert=?))"
    " WHERE created=newest ORDER BY base, dns_account",
    NULL};

static void report_flush(struct report *r)
{
	if (json_array_size(r->rows)) {
		launcher_report(r->e->launcher, r->kind->name, r->rows);
		r->rows = json_array();
	}
}

static bool report_row(void *arg, struct db_row *row)
{
	struct report *r = arg;
	json_t *list = r->kind->row ? r->kind->row(r, row) : row_plain(r, row);

	if (list)
		json_array_append_new(r->rows, list);
	if (json_array_size(r->rows) >= PART)
		report_flush(r);
	return true;
}

static bool report_kind_send(struct report *r, struct db *d, struct err *e)
{
	bool timed = strstr(r->kind->sql, "?1");
	int64_t now = loop_wall(r->e->loop);
	bool ok = timed ? db_each(d, e, report_row, r, r->kind->sql, "i", now)
	                : db_each(d, e, report_row, r, r->kind->sql, "");

	report_flush(r);
	return ok;
}

static bool report_places(struct world *e, struct db *d, struct err *err)
{
	struct report r = {.e = e, .rows = json_array(), .kind = &places};
	bool ok = true;

	for (size_t i = 0; ok && i < e->job->placed.n; i++)
		ok = db_each(d, err, report_row, &r, places.sql, "s", e->job->placed.at[i]);
	report_flush(&r);
	json_decref(r.rows);
	return ok;
}

/* One transaction: a run that works beside it changes nothing of what is read. */
static bool report_all(struct world *e, struct db *d, struct err *err)
{
	struct report r = {.e = e, .rows = json_array()};
	bool ok = db_script(d, "BEGIN", err);

	r.brief = brief_new(d, e->job->brief, loop_wall(e->loop));
	if (r.brief)
		launcher_report(e->launcher, "brief", json_pack("[[]]"));
	for (size_t i = 0; ok && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		r.kind = &kinds[i];
		if (!e->job->only || strcmp(r.kind->name, e->job->only) == 0)
			ok = report_kind_send(&r, d, err);
	}
	if (r.brief)
		launcher_report(e->launcher, "sums", brief_rows(r.brief));
	brief_free(r.brief);
	db_rollback(d);
	json_decref(r.rows);
	free(r.run);
	return ok;
}

int report_send(struct world *e)
{
	struct err err;
	struct db *d = journal_open_to_read(e->job->state, &err);
	bool ok = !d ? !*err.text : e->job->placed.n ? report_places(e, d, &err) : report_all(e, d, &err);

	db_close(d);
	if (!ok)
		launcher_event(e->launcher, EVENT_ERROR, "journal", NULL, "%s", err.text);
	return ok ? EXIT_DONE : EXIT_FAILED;
}
