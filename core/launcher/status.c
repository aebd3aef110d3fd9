#include "config.h"

#include "launcher/status.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/backup.h"
#include "common/lifetime.h"
#include "common/machine.h"
#include "common/mem.h"
#include "common/parking.h"
#include "launcher/indexed.h"
#include "launcher/job.h"
#include "launcher/renew_window.h"
#include "launcher/report.h"
#include "launcher/selection.h"
#include "launcher/state.h"
#include "launcher/strings.h"

/* Columns of a certificate's row. */
enum {
	ROW_ID,
	ROW_KEY,
	ROW_NAMES,
	ROW_CA,
	ROW_DNS,
	ROW_DIRECTORY,
	ROW_PROFILE,
	ROW_SINCE,
	ROW_UNTIL,
	ROW_FROM,
	ROW_ADVISED,
	ROW_GONE,
	ROW_EARLIEST,
	ROW_LATEST,
	ROW_COLUMNS
};

struct row {
	char *text; /* NULL: none */
	const char *at[ROW_COLUMNS];
};

#define ROWS_MOST 8 /* there are fewer key types */

struct join {
	struct status *s;
	void (*fn)(void *arg, const struct standing_certificate *c);
	void *arg;
	size_t next;                            /* of the inventory */
	size_t failed, ca_failed, names_failed; /* of the failures, and of those that were a CA's */
	bool brief;                             /* others are counted */
	struct row row[ROWS_MOST];              /* of the certificate that was read last, one a key type */
	size_t rows;
	struct renew_windows windows;
	char *machine; /* NULL: not looked at yet */
};

static int64_t number(const json_t *row, size_t column)
{
	return json_integer_value(json_array_get(row, column));
}

static int64_t date(const struct row *row, size_t column)
{
	return strtoll(row->at[column], NULL, 10);
}

/* False when it is no row. */
static bool row_read(struct row *row, const json_t *line)
{
	char *rest = row->text = json_is_string(line) ? xstrdup(json_string_value(line)) : NULL;
	size_t n = 0;
	while (rest && n < ROW_COLUMNS)
		row->at[n++] = strsep(&rest, "\t");
	if (n == ROW_COLUMNS && !rest)
		return true;
	free(row->text);
	row->text = NULL;
	return false;
}

/* IDs come in their order. */
static const struct failure *failure_of(struct join *j, const char *id)
{
	const struct status *s = j->s;
	int order = -1;
	while (j->failed < s->failures && (order = strcmp(s->failure[j->failed].id, id)) < 0)
		j->failed++;
	return j->failed < s->failures && order == 0 ? &s->failure[j->failed] : NULL;
}

/* The backup_ca that the next order goes to; NULL: to its ca. */
static const char *next_backup(struct join *j, const struct known_certificate *k,
                               const struct standing_certificate *c)
{
	const struct status *s = j->s;
	int order = -1;
	while (j->ca_failed < s->ca_failings && (order = strcmp(s->ca_failing[j->ca_failed].id, k->id)) < 0)
		j->ca_failed++;
	for (size_t i = j->ca_failed; order == 0 && i < s->ca_failings && !strcmp(s->ca_failing[i].id, k->id);
	     i++)
		if (strcmp(s->ca_failing[i].ca, c->ca) == 0 &&
		    backup_serves(s->ca_failing[i].failures, c->since, c->until, s->now))
			return certificate_backup(&k->cert);
	return NULL;
}

static bool is_parked(struct join *j, const struct known_certificate *k, const struct standing_certificate *c)
{
	const struct status *s = j->s;
	int order = -1;
	while (j->names_failed < s->names_failings &&
	       (order = strcmp(s->names_failing[j->names_failed].id, k->id)) < 0)
		j->names_failed++;
	return j->names_failed < s->names_failings && order == 0 &&
	       parking_holds(spec_number(k->cert.settings, KEY_PARK_AFTER),
	                     s->names_failing[j->names_failed].since, c->until, s->now);
}

static void add_facts(struct standing_certificate *c, const struct row *row)
{
	c->since = date(row, ROW_SINCE);
	c->until = date(row, ROW_UNTIL);
	c->from = date(row, ROW_FROM);
	c->advised = *row->at[ROW_ADVISED] == '1';
}

/* When its windows let it be renewed, as the engine will see it. */
static void add_window(struct join *j, const struct known_certificate *k, const struct row *row,
                       struct standing_certificate *c)
{
	const struct openings *open = renew_windows_of(&j->windows, k->cert.settings, j->s->now);
	if (!open || !c->until)
		return;
	if (!j->machine)
		j->machine = machine_id();
	c->from =
	    openings_moved(open, &(struct openings_wish){.from = c->from,
	                                                 .earliest = date(row, ROW_EARLIEST),
	                                                 .latest = date(row, ROW_LATEST),
	                                                 .now = j->s->now,
	                                                 .seed = lifetime_seed(j->machine, k->id, NULL)});
}

static bool names_differ(const struct strs *wanted, const char *joined, const char *published)
{
	struct strs names = {0};
	if (strcmp(joined, published) == 0)
		return false;
	strs_words(&names, published);
	bool differ = names.n != wanted->n;
	for (size_t i = 0; !differ && i < names.n; i++)
		differ = !strs_has(wanted, names.at[i]);
	strs_free(&names);
	return differ;
}

static bool is_of(const struct status *s, const char *issuer, const char *account)
{
	const struct ca_account *a = account ? ca_accounts_find(&s->i.ca_accounts, account) : NULL;
	return a && strcmp(issuer, a->directory) == 0;
}

/* One that is not known is no reason. */
static bool ca_is_wanted(const struct status *s, const struct known_certificate *k, const char *issuer)
{
	const char *ca = spec_text(k->cert.settings, KEY_CA);
	return !*issuer || !ca || !ca_accounts_find(&s->i.ca_accounts, ca) || is_of(s, issuer, ca) ||
	       is_of(s, issuer, certificate_backup(&k->cert));
}

/* The certificate's account that issued what is published; NULL: none of them. */
static const char *issuer_of(const struct status *s, const struct known_certificate *k, const char *issuer)
{
	const char *ca = spec_text(k->cert.settings, KEY_CA), *backup = certificate_backup(&k->cert);
	return is_of(s, issuer, ca) ? ca : is_of(s, issuer, backup) ? backup : NULL;
}

/* What is published, against what is wanted. */
static enum reason change_of(const struct status *s, const struct known_certificate *k, const char *key_type,
                             const char *names, const struct row *row)
{
	if (s->revocations.n && revocations_wait_for(&s->revocations, s->state, k->id))
		return REASON_REVOKED;
	if (names_differ(&k->cert.names, names, row->at[ROW_NAMES]))
		return REASON_NAMES;
	if (strcmp(row->at[ROW_KEY], key_type) != 0)
		return REASON_KEY;
	if (!ca_is_wanted(s, k, row->at[ROW_DIRECTORY]))
		return REASON_CA;
	const char *profile = spec_text(k->cert.settings, KEY_PROFILE);
	return strcmp(row->at[ROW_PROFILE], profile ? profile : "") != 0 ? REASON_PROFILE : REASON_NONE;
}

/* What is published with that key type; NULL: nothing. */
static const struct row *row_of_type(const struct join *j, const char *key_type)
{
	for (size_t i = 0; i < j->rows; i++)
		if (date(&j->row[i], ROW_UNTIL) && strcmp(j->row[i].at[ROW_KEY], key_type) == 0)
			return &j->row[i];
	return NULL;
}

/* The one that has something published: what is there may be of the type that was wanted before. */
static const struct row *row_best(const struct join *j)
{
	const struct row *best = j->rows ? &j->row[0] : NULL;
	for (size_t i = 1; i < j->rows; i++)
		if (date(&j->row[i], ROW_UNTIL) > date(best, ROW_UNTIL))
			best = &j->row[i];
	return best;
}

/* Of two key types that which is renewed first counts, and what is missing of the second. */
static void add_second(struct join *j, const struct known_certificate *k, const char *second,
                       struct standing_certificate *c)
{
	const struct row *row = row_of_type(j, second);
	if (!c->until)
		return;
	if (row && date(row, ROW_FROM) < c->from) {
		add_facts(c, row);
		add_window(j, k, row, c);
	}
	if (c->change == REASON_NONE)
		c->change = row ? change_of(j->s, k, second, c->names, row) : REASON_KEY;
}

/* there: the rows are its own. */
static void give_known(struct join *j, const struct known_certificate *k, bool there)
{
	if (j->s->chosen && !j->s->chosen[k - j->s->i.all.at])
		return;
	char *names = strs_join(&k->cert.names, " "), *dns = strs_join(&k->cert.dns, " ");
	const char *ca = spec_text(k->cert.settings, KEY_CA);
	const char *type = spec_text(k->cert.settings, KEY_KEY_TYPE);
	const char *second = spec_second(k->cert.settings, KEY_KEY_TYPE);
	char *types = second ? xasprintf("%s %s", type, second) : xstrdup(type);
	const struct row *row = there && second ? row_of_type(j, type) : NULL;
	struct standing_certificate c = {.id = k->id,
	                                 .key_type = types,
	                                 .ca = ca ? ca : "",
	                                 .names = names,
	                                 .dns = dns,
	                                 .renews = k->renews,
	                                 .failure = failure_of(j, k->id)};
	if (there && !row)
		row = row_best(j);
	if (row) {
		add_facts(&c, row);
		add_window(j, k, row, &c);
		c.issued_by = issuer_of(j->s, k, row->at[ROW_DIRECTORY]);
	}
	if (c.until)
		c.change = change_of(j->s, k, type, names, row);
	if (there && second)
		add_second(j, k, second, &c);
	c.next = next_backup(j, k, &c);
	c.parked = is_parked(j, k, &c);
	if (c.failure)
		j->s->failure[c.failure - j->s->failure].parked = c.parked;
	j->fn(j->arg, &c);
	free_all(names, dns, types);
}

static void give_left(const struct join *j, const struct row *row)
{
	struct standing_certificate c = {.id = row->at[ROW_ID],
	                                 .key_type = row->at[ROW_KEY],
	                                 .ca = row->at[ROW_CA],
	                                 .names = row->at[ROW_NAMES],
	                                 .dns = row->at[ROW_DNS],
	                                 .left = true};
	add_facts(&c, row);
	if (!j->s->chosen && c.until)
		j->fn(j->arg, &c);
}

/* Those of the inventory that stand before `id` (NULL: all others) have no row, or are counted. */
static void give_before(struct join *j, const char *id)
{
	const struct certificates *all = &j->s->i.all;
	for (; j->next < all->n && (!id || strcmp(all->at[j->next].id, id) < 0); j->next++)
		if (!j->brief)
			give_known(j, &all->at[j->next], false);
}

static void rows_clear(struct join *j)
{
	while (j->rows)
		free(j->row[--j->rows].text);
}

static void give_rows(struct join *j)
{
	const struct certificates *all = &j->s->i.all;
	if (!j->rows)
		return;
	const char *id = j->row[0].at[ROW_ID];
	give_before(j, id);
	if (j->next < all->n && strcmp(all->at[j->next].id, id) == 0)
		give_known(j, &all->at[j->next++], true);
	else
		give_left(j, row_best(j));
	rows_clear(j);
}

static void take_certificate(struct join *j, const json_t *line)
{
	struct row row;
	if (!row_read(&row, line))
		return;
	if (j->rows && strcmp(j->row[0].at[ROW_ID], row.at[ROW_ID]) != 0)
		give_rows(j);
	if (j->rows < ROWS_MOST)
		j->row[j->rows++] = row;
	else
		free(row.text);
}

static void take_failure(struct status *s, const json_t *row)
{
	const char *what = json_string_value(json_array_get(row, 7));
	s->failure = xgrow(s->failure, s->failures, sizeof *s->failure);
	s->failure[s->failures++] = (struct failure){.id = xstrdup(strings_at(row, 0)),
	                                             .ca = xstrdup(strings_at(row, 1)),
	                                             .failures = number(row, 2),
	                                             .next = number(row, 3),
	                                             .person = strcmp(strings_at(row, 5), "person") == 0,
	                                             .since = number(row, 6),
	                                             .text = what ? xstrdup(what) : NULL};
}

static void take_ca_failing(struct status *s, const json_t *row)
{
	s->ca_failing = xgrow(s->ca_failing, s->ca_failings, sizeof *s->ca_failing);
	s->ca_failing[s->ca_failings++] = (struct ca_failing){.id = xstrdup(strings_at(row, 0)),
	                                                      .ca = xstrdup(strings_at(row, 1)),
	                                                      .failures = (unsigned)number(row, 2)};
}

static void take_names_failing(struct status *s, const json_t *row)
{
	s->names_failing = xgrow(s->names_failing, s->names_failings, sizeof *s->names_failing);
	s->names_failing[s->names_failings++] =
	    (struct names_failing){.id = xstrdup(strings_at(row, 0)), .since = number(row, 1)};
}

static void take_row(void *arg, const char *kind, json_t *row)
{
	struct join *j = arg;
	struct status *s = j->s;
	const struct {
		const char *kind;
		json_t *list;
	} lists[] = {{"owed", s->owed},   {"orders", s->orders}, {"rests", s->rests},
	             {"later", s->later}, {"ledger", s->ledger}, {"limited", s->limited}};
	if (strcmp(kind, "certificates") == 0) {
		take_certificate(j, row);
	} else if (strcmp(kind, "brief") == 0) {
		j->brief = true;
	} else if (strcmp(kind, "sums") == 0 && s->counted) {
		s->counted(j->arg, strings_at(row, 0), number(row, 1), (size_t)number(row, 2));
	} else if (strcmp(kind, "failing") == 0) {
		take_failure(s, row);
	} else if (strcmp(kind, "ca_failing") == 0) {
		take_ca_failing(s, row);
	} else if (strcmp(kind, "names_failing") == 0) {
		take_names_failing(s, row);
	} else if (strcmp(kind, "runs") == 0) {
		s->whole = number(row, 0);
		s->started = number(row, 1);
	}
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (strcmp(kind, lists[i].kind) == 0)
			json_array_append(lists[i].list, row);
}

static json_t *cas_lines(const struct ca_accounts *all)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < all->n; i++)
		json_array_append_new(lines, job_ca_line(&all->at[i]));
	return lines;
}

bool status_each(struct status *s, void (*fn)(void *arg, const struct standing_certificate *c), void *arg,
                 struct err *e)
{
	struct join j = {.s = s, .fn = fn, .arg = arg};
	bool brief = s->counted && !s->chosen && !s->revocations.n && !s->i.damaged && !s->i.loaded.lines &&
	             !s->i.loaded.broken;
	const struct report_question q = {
	    .state = s->state, .brief = brief ? s->digest : NULL, .cas = cas_lines(&s->i.ca_accounts)};
	bool ok = report_read(&q, take_row, &j, e);
	json_decref((json_t *)q.cas);
	if (ok) {
		give_rows(&j);
		give_before(&j, NULL);
	}
	rows_clear(&j);
	renew_windows_free(&j.windows);
	free(j.machine);
	return ok;
}

static bool choose(struct status *s, struct err *e)
{
	const struct selection selection = {.options = s->options, .i = &s->i, .state = s->state};
	size_t *at, n;
	if (!selection_is_given(s->options))
		return true;
	bool ok = selection_make(&selection, &at, &n, e);
	s->chosen = xcalloc(s->i.all.n + 1, sizeof *s->chosen);
	for (size_t i = 0; i < n; i++)
		s->chosen[at[i]] = true;
	free(at);
	return ok;
}

/* Before the configuration is read. */
static char *digest_known(const struct status *s)
{
	struct err ignored;
	char *path = configuration_path(spec_text(s->options->run, KEY_CONFIG), &ignored);
	char *stamp = path ? indexed_stamp(s->state, path) : NULL;
	char *digest = stamp ? indexed_digest(s->state, stamp) : NULL;
	free_all(path, stamp);
	return digest;
}

bool status_load(struct status *s, const struct options *o, struct err *e)
{
	struct strs damaged = {0};
	s->options = o;
	s->now = time(NULL);
	s->owed = json_array();
	s->orders = json_array();
	s->rests = json_array();
	s->later = json_array();
	s->ledger = json_array();
	s->limited = json_array();
	s->state = state_path(spec_text(o->run, KEY_STATE), e);
	s->digest = s->state && s->counted ? digest_known(s) : NULL;
	bool ok = s->state && inventory_configuration(&s->i, s->state, spec_text(o->run, KEY_CONFIG), e);
	accepted_close(&s->i.accepted);
	ok = ok && inventory_accounts(&s->i, s->state, e) && inventory_certificates(&s->i, s->state, e) &&
	     revocations_load(&s->revocations, s->state, &damaged, e) && choose(s, e);
	strs_free(&damaged); /* told when they are tried */
	return ok;
}

void status_free(struct status *s)
{
	inventory_free(&s->i);
	revocations_free(&s->revocations);
	json_decref(s->owed);
	json_decref(s->orders);
	json_decref(s->rests);
	json_decref(s->later);
	json_decref(s->ledger);
	json_decref(s->limited);
	for (size_t i = 0; i < s->failures; i++)
		free_all(s->failure[i].id, s->failure[i].ca, s->failure[i].text);
	for (size_t i = 0; i < s->ca_failings; i++)
		free_all(s->ca_failing[i].id, s->ca_failing[i].ca);
	for (size_t i = 0; i < s->names_failings; i++)
		free(s->names_failing[i].id);
	free_all(s->failure, s->ca_failing, s->names_failing, s->chosen, s->state, s->digest);
	*s = (struct status){0};
}
