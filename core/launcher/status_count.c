#include "launcher/status_count.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/err.h"
#include "common/mem.h"

#define HOUR     3600
#define DAY      (24 * (int64_t)HOUR)
#define RUN_WARN (25 * (int64_t)HOUR) /* a daily timer, and its delay */
#define RUN_CRIT (2 * RUN_WARN)

void status_counts_begin(struct status_counts *c, int64_t now, const struct status_limits *l)
{
	*c = (struct status_counts){.now = now, .limits = *l};
}

void status_counts_free(struct status_counts *c)
{
	for (size_t i = 0; i < c->cas; i++)
		free(c->ca[i].name);
	free_all(c->ca, c->urgent_id, c->critical_id, c->without_id);
	*c = (struct status_counts){0};
}

static struct status_ca *ca_of(struct status_counts *c, const char *name)
{
	for (size_t i = 0; i < c->cas; i++)
		if (strcmp(c->ca[i].name, name) == 0)
			return &c->ca[i];
	c->ca = xgrow(c->ca, c->cas, sizeof *c->ca);
	c->ca[c->cas] = (struct status_ca){.name = xstrdup(name)};
	return &c->ca[c->cas++];
}

static size_t day_of(const struct status_counts *c, int64_t at)
{
	int64_t day = at <= c->now ? 0 : (at - c->now) / DAY;
	return day < COUNT_DAYS ? (size_t)day : COUNT_DAYS;
}

static void note(size_t *n, char **first, const char *id)
{
	if (!(*n)++)
		*first = xstrdup(id);
}

static bool within(const struct status_counts *c, const struct standing_certificate *one, int64_t limit,
                   bool otherwise)
{
	return limit < 0 ? otherwise : one->until && one->until - c->now <= limit;
}

void status_count(struct status_counts *c, const struct standing_certificate *one)
{
	enum standing s = standing_of(one, c->now);
	c->standing[s]++;
	if (s == STANDING_LEFT)
		return;
	c->n++;
	if (s == STANDING_PARKED) {
		ca_of(c, one->ca)->n++;
		return;
	}
	if (within(c, one, c->limits.crit, standing_critical(one, c->now)) || s == STANDING_EXPIRED)
		note(&c->critical, &c->critical_id, one->id);
	if (within(c, one, c->limits.warn, standing_urgent(one, c->now)))
		note(&c->urgent, &c->urgent_id, one->id);
	if (!one->until && one->failure)
		note(&c->without, &c->without_id, one->id);
	struct status_ca *ca = ca_of(c, one->ca);
	ca->n++;
	if (one->renews)
		ca->renewed[day_of(c, standing_reason(one, c->now) == REASON_NONE ? one->from : 0)]++;
	if (!one->until)
		return;
	c->ends[day_of(c, one->until)]++;
	if (!c->next_end || one->until < c->next_end)
		c->next_end = one->until;
}

void status_count_well(struct status_counts *c, const char *ca, int64_t from, size_t n)
{
	struct status_ca *account = ca_of(c, ca);
	c->standing[STANDING_OK] += n;
	c->n += n;
	account->n += n;
	account->renewed[day_of(c, from)] += n;
}

size_t status_failed(const struct status_counts *c)
{
	return c->standing[STANDING_FAILING] + c->standing[STANDING_RESTING];
}

struct verdict {
	int code;
	struct buf words;
};

static void say(struct verdict *v, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void say(struct verdict *v, int code, const char *format, ...)
{
	va_list ap;
	struct err text;
	va_start(ap, format);
	vsnprintf(text.text, sizeof text.text, format, ap);
	va_end(ap);
	if (code > v->code)
		v->code = code;
	buf_printf(&v->words, "%s%s", v->words.len ? "; " : "", text.text);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void judge_certificates(struct verdict *v, const struct status_counts *c)
{
	size_t failed = status_failed(c);
	size_t most = c->limits.failed < 0       ? failed
	              : c->limits.failed_percent ? (size_t)c->limits.failed * c->n / 100
	                                         : (size_t)c->limits.failed;
	if (c->critical)
		say(v, 2, "%zu certificate%s expired or about to be (%s%s)", c->critical, plural(c->critical),
		    c->critical_id, c->critical > 1 ? ", ..." : "");
	if (c->urgent > c->critical)
		say(v, 1, "%zu certificate%s urgent (%s%s)", c->urgent, plural(c->urgent), c->urgent_id,
		    c->urgent > 1 ? ", ..." : "");
	if (c->without)
		say(v, 1, "%zu certificate%s cannot be got (%s%s)", c->without, plural(c->without),
		    c->without_id, c->without > 1 ? ", ..." : "");
	if (failed > most)
		say(v, 1, "%zu certificate%s failed in the last try", failed, plural(failed));
}

static void judge_runs(struct verdict *v, const struct status_counts *c, int64_t whole)
{
	int64_t age = c->now - whole;
	if (!whole)
		say(v, 1, "no dnsproof renew has come to its end yet");
	else if (age >= RUN_WARN)
		say(v, age >= RUN_CRIT ? 2 : 1, "no dnsproof renew has come to its end for %" PRId64 " hours",
		    age / HOUR);
}

static void judge_rest(struct verdict *v, const struct status_rest *r)
{
	if (r->owed)
		say(v, 1, "%zu TXT record%s still to be removed", r->owed, plural(r->owed));
	if (r->revocations)
		say(v, 1, "%zu revocation%s still to be done", r->revocations, plural(r->revocations));
	if (r->broken)
		say(v, 1, "the configuration is broken");
	else if (r->lines)
		say(v, 1, "%zu part%s of the configuration or of the state folder cannot be used", r->lines,
		    plural(r->lines));
}

static void add_figures(struct buf *line, const struct status_counts *c, const struct status_rest *r)
{
	buf_printf(line, "|certificates=%zu", c->n);
	for (int s = 0; s < STANDINGS; s++)
		buf_printf(line, " %s=%zu", standing_word((enum standing)s), c->standing[s]);
	buf_printf(line, " urgent=%zu critical=%zu owed=%zu", c->urgent, c->critical,
	           r->owed + r->revocations);
	if (c->next_end)
		buf_printf(line, " next_end=%" PRId64 "s", c->next_end - c->now);
	if (r->whole)
		buf_printf(line, " last_run=%" PRId64 "s", c->now - r->whole);
}

int status_judge(const struct status_counts *c, const struct status_rest *r, struct buf *line)
{
	static const char *const words[] = {"OK", "WARNING", "CRITICAL"};
	struct verdict v = {0};
	buf_init(&v.words, 0);
	judge_certificates(&v, c);
	judge_runs(&v, c, r->whole);
	judge_rest(&v, r);
	if (!v.words.len)
		say(&v, 0, "%zu certificate%s", c->n, plural(c->n));
	buf_printf(line, "%s: %s", words[v.code], v.words.data);
	add_figures(line, c, r);
	buf_free(&v.words);
	return v.code;
}
