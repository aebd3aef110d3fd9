#include "engine/spread/spread.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "engine/dns/ask.h"
#include "engine/spread/view.h"

#define GAP_LEAST     100 /* ms between two questions to a server that lacks something */
#define GAP_MOST      10000
#define GAP_SHARE     10   /* ... else this part of the time waited so far */
#define LAME_GAP      1000 /* the first gap after a useless answer; it doubles */
#define LAME_MOST     60000
#define CONFIRM_GAP   30000 /* a server that was good is looked at again while others lag */
#define NOBODY_AFTER  30000 /* give up when no server at all can be reached */
#define WAITING_SHOWN 3     /* servers that a line about waiting names */
#define SERIAL_FIRST                                                                                         \
	2000 /* when a server lags so long, another's serial is asked for, to be told beside its own */
#define SERIAL_AGAIN 10000 /* later seldomer: as long as was waited so far */

struct spread_server {
	struct spread *spread;
	struct spread_view view;
	struct ask_query *query;
	struct loop_timer *timer;
	unsigned lame_gap;
};

struct spread {
	struct loop *loop;
	struct ask *ask;
	struct spread_goal goal;
	char *zone;
	enum wait_for wait_for;
	uint64_t ends;
	uint64_t started, first_at, nobody_at;
	unsigned settle_ms;
	struct spread_server *server;
	size_t servers;
	struct loop_timer *deadline, *nobody, *settle;
	bool settling, ended;
	struct ask_query *serial_query;       /* to a server that shows the values */
	const struct spread_view *serial_at;  /* that server */
	uint64_t serial_next;                 /* when it is asked (again) */
	const struct spread_view *serial_who; /* who said the serial; NULL = not known */
	uint32_t serial;
	spread_fn *fn;
	spread_vanished_fn *vanished;
	void *arg;
	bool *gone; /* told when freed inside a callback */
};

static void server_ask(void *arg);

static size_t states_count(const struct spread *s, enum spread_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < s->servers; i++)
		n += s->server[i].view.state == state;
	return n;
}

static bool spread_has_nobody(const struct spread *s)
{
	return s->wait_for != WAIT_FOR_NONE && states_count(s, SPREAD_GOOD) == 0 &&
	       states_count(s, SPREAD_STALE) == 0 && states_count(s, SPREAD_PENDING) == 0;
}

static bool spread_agrees(const struct spread *s)
{
	if (s->wait_for == WAIT_FOR_NONE)
		return true;
	if (states_count(s, SPREAD_GOOD) == 0 || states_count(s, SPREAD_STALE) > 0 ||
	    states_count(s, SPREAD_PENDING) > 0)
		return false;
	return s->wait_for != WAIT_FOR_ALL ||
	       states_count(s, SPREAD_LAME) + states_count(s, SPREAD_UNREACHABLE) == 0;
}

static void message_head(const struct spread *s, enum spread_end end, struct buf *b)
{
	unsigned long seconds = (unsigned long)((loop_now(s->loop) - s->started) / 1000);
	size_t left = s->servers - states_count(s, SPREAD_GOOD) - states_count(s, SPREAD_NO_ROUTE);
	const char *what = s->goal.absent ? "still show or may still show" : "do not show";
	char *who = s->goal.resolver ? xstrdup("resolvers") : xasprintf("name servers of %s", s->zone);

	if (end == SPREAD_NOBODY)
		buf_printf(b, "none of the %zu %s gives a useful answer about %s:", s->servers, who,
		           s->goal.owner);
	else
		buf_printf(b, "after %lu s, %zu of %zu %s %s the TXT record at %s:", seconds, left,
		           s->servers, who, what, s->goal.owner);
	free(who);
}

static bool spread_meets_cname(const struct spread *s)
{
	for (size_t i = 0; i < s->servers; i++)
		if (s->server[i].view.state == SPREAD_STALE && s->server[i].view.cname)
			return true;
	return false;
}

static void message_advice(const struct spread *s, enum spread_end end, struct buf *b)
{
	if (s->goal.resolver && spread_meets_cname(s))
		buf_add_str(b,
		            "\n  give the DNS account the name that the CNAME leads to: --cname-target NAME");
	else if (s->goal.resolver)
		buf_add_str(b,
		            "\n  a resolver that is asked too early remembers that no record was there: ask "
		            "later with --settle, or longer with --timeout; or check these resolvers "
		            "(--resolver)");
	else if (end == SPREAD_NOBODY)
		buf_add_str(b, "\n  check that this host may send to port 53 (UDP and TCP), or name the "
		               "servers with --name-servers");
	else if (states_count(s, SPREAD_STALE) > 0)
		buf_add_str(b, "\n  check how changes reach these servers (NOTIFY, zone transfer), or give "
		               "them more time with --timeout");
	else
		buf_add_str(b, "\n  these servers must answer for the zone, or be taken out of its "
		               "NS records");
}

/* "ns2.test 192.0.2.2: NXDOMAIN, serial 51; ns1.test has 57": how far behind it is, where that is known. New. */
static char *spread_line(const struct spread *s, const struct spread_view *v)
{
	char *line = spread_view_line(v, &s->goal), *longer;

	if (v->state != SPREAD_STALE || !v->has_serial || s->serial_who == NULL)
		return line;
	longer = xasprintf("%s (%s has %u)", line, s->serial_who->name, (unsigned)s->serial);
	free(line);
	return longer;
}

static char *spread_message(const struct spread *s, enum spread_end end)
{
	struct buf b;

	if (end == SPREAD_DONE)
		return NULL;
	buf_init(&b, 0);
	message_head(s, end, &b);
	for (size_t i = 0; i < s->servers; i++) {
		char *line;

		if (s->server[i].view.state == SPREAD_GOOD)
			continue;
		line = spread_line(s, &s->server[i].view);
		buf_printf(&b, "\n  %s", line);
		free(line);
	}
	message_advice(s, end, &b);
	return buf_take(&b);
}

static void warnings_collect(const struct spread *s, struct strs *warnings)
{
	for (size_t i = 0; i < s->servers; i++) {
		const struct spread_view *v = &s->server[i].view;
		char *line, *text;

		if (v->state == SPREAD_GOOD && v->tcp_only && !s->goal.resolver) {
			text =
			    xasprintf("name server %s %s answers by TCP only; the CA's resolvers ask by UDP "
			              "first and may give up: let UDP to port 53 in there",
			              v->name, v->text);
			strs_add(warnings, text);
			free(text);
		}
		if (v->state != SPREAD_LAME && v->state != SPREAD_UNREACHABLE)
			continue;
		line = spread_view_line(v, &s->goal);
		text = xasprintf("ignoring %s %s", s->goal.resolver ? "resolver" : "name server", line);
		strs_add(warnings, text);
		free(text);
		free(line);
	}
	if (s->goal.without_aa) {
		char *text =
		    xasprintf("%s: its name servers answer without the AA bit, all of them; accepted, as "
		              "CAs' resolvers do",
		              s->zone);

		strs_add(warnings, text);
		free(text);
	}
}

static void spread_stop(struct spread *s)
{
	s->ended = true;
	if (s->serial_query != NULL)
		ask_cancel(s->serial_query);
	s->serial_query = NULL;
	for (size_t i = 0; i < s->servers; i++) {
		if (s->server[i].query != NULL)
			ask_cancel(s->server[i].query);
		s->server[i].query = NULL;
		loop_timer_stop(s->server[i].timer);
	}
	loop_timer_stop(s->deadline);
	loop_timer_stop(s->nobody);
	loop_timer_stop(s->settle);
}

/* Not a resolver: its cache would keep what the servers have not any more. */
static const struct spread_view *spread_witness(const struct spread *s)
{
	for (size_t i = 0; i < s->servers && !s->goal.resolver; i++)
		if (s->server[i].view.state == SPREAD_GOOD)
			return &s->server[i].view;
	return NULL;
}

static bool spread_was_early(const struct spread *s)
{
	for (size_t i = 0; i < s->servers; i++)
		if (s->server[i].view.was_stale)
			return true;
	return false;
}

static unsigned longest_ttl(const struct spread *s)
{
	unsigned ttl = 0;

	for (size_t i = 0; i < s->servers; i++)
		if (s->server[i].view.state == SPREAD_GOOD && s->server[i].view.ttl > ttl)
			ttl = s->server[i].view.ttl;
	return ttl;
}

static void spread_finish(struct spread *s, enum spread_end end)
{
	const struct spread_view *witness = spread_witness(s);
	const struct zone_server shown = {.name = witness ? witness->name : NULL,
	                                  .address =
	                                      witness ? witness->address : (struct sockaddr_storage){0}};
	struct spread_result result = {.end = end,
	                               .witness = witness ? &shown : NULL,
	                               .stale = states_count(s, SPREAD_STALE),
	                               .early = spread_was_early(s),
	                               .good = states_count(s, SPREAD_GOOD),
	                               .asked = s->servers - states_count(s, SPREAD_NO_ROUTE),
	                               .ttl = longest_ttl(s),
	                               .matrix = json_array()};
	struct strs warnings = {0};
	char *message = spread_message(s, end);

	warnings_collect(s, &warnings);
	for (size_t i = 0; i < s->servers; i++)
		json_array_append_new(result.matrix, spread_view_json(&s->server[i].view));
	result.message = message;
	result.warnings = &warnings;
	result.took_ms = (unsigned)(loop_now(s->loop) - s->started);
	spread_stop(s);
	s->fn(s->arg, &result);
	json_decref(result.matrix);
	strs_free(&warnings);
	free(message);
}

static void deadline_over(void *arg)
{
	struct spread *s = arg;

	if (s->settling)
		spread_finish(s, SPREAD_DONE);
	else
		spread_finish(s, spread_has_nobody(s) ? SPREAD_NOBODY : SPREAD_TIMEOUT);
}

static void nobody_over(void *arg)
{
	struct spread *s = arg;

	if (spread_has_nobody(s))
		spread_finish(s, SPREAD_NOBODY);
}

static void settle_over(void *arg)
{
	spread_finish(arg, SPREAD_DONE);
}

/* Where some server sets AA, one that does not is lame; where none does, resolvers accept that, and so
 * do we. Known only when each has said something. */
static void aa_consider(struct spread *s)
{
	size_t lack = 0;

	if (s->goal.without_aa || s->goal.resolver)
		return;
	for (size_t i = 0; i < s->servers; i++) {
		const struct spread_view *v = &s->server[i].view;

		if (v->had_aa || v->questions == 0)
			return;
		lack += spread_view_lacks_aa(v);
	}
	if (lack == 0)
		return;
	s->goal.without_aa = true;
	for (size_t i = 0; i < s->servers; i++)
		if (s->server[i].query == NULL && spread_view_lacks_aa(&s->server[i].view))
			loop_timer_set(s->server[i].timer, 0);
}

/* May end, and so free, the spread. */
static void spread_judge(struct spread *s)
{
	if (spread_agrees(s)) {
		if (s->settling)
			return;
		if (s->settle_ms == 0) {
			spread_finish(s, SPREAD_DONE);
			return;
		}
		s->settling = true;
		loop_timer_set(s->settle, s->settle_ms);
		return;
	}
	if (s->settling)
		loop_timer_stop(s->settle);
	s->settling = false;
	if (spread_has_nobody(s) && loop_now(s->loop) >= s->nobody_at)
		spread_finish(s, SPREAD_NOBODY);
}

static uint64_t server_gap(struct spread_server *p)
{
	uint64_t gap = (loop_now(p->spread->loop) - p->spread->started) / GAP_SHARE;

	if (p->view.state == SPREAD_GOOD)
		return CONFIRM_GAP;
	if (p->view.lame_since != 0) {
		gap = p->lame_gap;
		p->lame_gap = p->lame_gap * 2 < LAME_MOST ? p->lame_gap * 2 : LAME_MOST;
		return gap;
	}
	p->lame_gap = LAME_GAP;
	if (gap < GAP_LEAST)
		gap = GAP_LEAST;
	return gap < GAP_MOST ? gap : GAP_MOST;
}

/* True when the spread was freed meanwhile. */
static bool vanished_tell(struct spread *s, const struct strs *values, const struct spread_view *v)
{
	bool gone = false;
	char *server = xstrdup(v->name);

	s->gone = &gone;
	for (size_t i = 0; i < values->n && !gone; i++)
		s->vanished(s->arg, values->at[i], server);
	if (!gone)
		s->gone = NULL;
	free(server);
	return gone;
}

static void serial_answer(void *arg, const struct ask_answer *answer)
{
	struct spread *s = arg;

	s->serial_query = NULL;
	for (size_t i = 0; answer->message != NULL && i < answer->message->answer.n; i++) {
		const struct dns_rr *rr = &answer->message->answer.at[i];

		if (rr->type != DNS_SOA || strcmp(rr->owner, s->zone) != 0)
			continue;
		s->serial_who = s->serial_at;
		s->serial = rr->serial;
	}
}

/* For the words alone: the serial of a server that shows the values, while another that tells its own does not. */
static void serial_want(struct spread *s)
{
	uint64_t now = loop_now(s->loop);
	const struct spread_view *from = spread_witness(s);
	bool lags = false;

	for (size_t i = 0; i < s->servers; i++)
		lags |= s->server[i].view.state == SPREAD_STALE && s->server[i].view.has_serial;
	if (!lags || from == NULL || s->serial_query != NULL || now < s->serial_next)
		return;
	s->serial_next = now + SERIAL_AGAIN;
	if (now - s->started > SERIAL_AGAIN)
		s->serial_next = now + (now - s->started);
	s->serial_at = from;
	s->serial_query = ask_send(s->ask, &from->address, s->zone, DNS_SOA, serial_answer, s);
}

static void server_answer(void *arg, const struct ask_answer *answer)
{
	struct spread_server *p = arg;
	struct spread *s = p->spread;
	struct strs vanished = {0};
	bool gone = false;

	p->query = NULL;
	spread_view_take(&p->view, &s->goal, answer, loop_now(s->loop), &vanished);
	loop_timer_set(p->timer, server_gap(p));
	aa_consider(s);
	if (vanished.n > 0 && s->vanished != NULL && !s->goal.absent && !s->goal.resolver)
		gone = vanished_tell(s, &vanished, &p->view);
	strs_free(&vanished);
	if (gone || s->ended)
		return;
	serial_want(s);
	spread_judge(s);
}

static void server_ask(void *arg)
{
	struct spread_server *p = arg;

	const struct spread *s = p->spread;

	if (s->goal.resolver)
		p->query = ask_resolver(s->ask, &p->view.address, s->goal.owner, DNS_TXT, server_answer, p);
	else
		p->query = ask_send(s->ask, &p->view.address, s->goal.owner, DNS_TXT, server_answer, p);
}

static void servers_take(struct spread *s, const struct spread_wish *wish)
{
	size_t n = wish->wait_for == WAIT_FOR_NONE ? 0 : wish->servers;

	s->server = xcalloc(n + 1, sizeof(*s->server));
	for (size_t i = 0; i < n; i++) {
		struct spread_server *p = &s->server[s->servers++];

		p->spread = s;
		p->lame_gap = LAME_GAP;
		spread_view_init(&p->view, &wish->server[i], &s->goal);
		p->timer = loop_timer_new(s->loop, server_ask, p);
		if (wish->first_ms == 0)
			server_ask(p);
		else
			loop_timer_set(p->timer, wish->first_ms);
	}
}

struct spread *spread_new(struct loop *l, struct ask *ask, const struct spread_wish *wish, spread_fn *fn,
                          spread_vanished_fn *vanished, void *arg)
{
	struct spread *s = xcalloc(1, sizeof(*s));

	s->loop = l;
	s->ask = ask;
	s->goal.owner = xstrdup(wish->owner);
	s->goal.absent = wish->absent;
	for (size_t i = 0; i < wish->values->n; i++)
		strs_add(&s->goal.values, wish->values->at[i]);
	s->zone = xstrdup(wish->zone);
	s->wait_for = wish->wait_for;
	s->goal.resolver = wish->wait_for == WAIT_FOR_RESOLVER;
	s->ends = wish->deadline;
	s->started = loop_now(l);
	s->first_at = s->started + wish->first_ms;
	s->serial_next = s->started + SERIAL_FIRST;
	s->settle_ms = wish->settle_ms;
	s->fn = fn;
	s->vanished = vanished;
	s->arg = arg;
	s->deadline = loop_timer_new(l, deadline_over, s);
	s->nobody = loop_timer_new(l, nobody_over, s);
	s->settle = loop_timer_new(l, settle_over, s);
	loop_timer_set(s->deadline, wish->deadline > s->started ? wish->deadline - s->started : 0);
	s->nobody_at = s->started + (wish->servers == 0 ? 0 : NOBODY_AFTER + wish->first_ms);
	loop_timer_set(s->nobody, s->nobody_at - s->started);
	servers_take(s, wish);
	if (wish->wait_for == WAIT_FOR_NONE) {
		s->settling = true;
		loop_timer_set(s->settle, wish->settle_ms);
	}
	return s;
}

char *spread_waiting_text(const struct spread *s)
{
	uint64_t now = loop_now(s->loop);
	unsigned long left = s->ends > now ? (unsigned long)((s->ends - now) / 1000) : 0;
	size_t shown = 0, lag = 0;
	struct buf b;

	buf_init(&b, 0);
	if (now < s->first_at && s->goal.resolver) {
		unsigned long first = (unsigned long)((s->first_at - now + 999) / 1000);

		buf_printf(&b,
		           "%s: waiting before resolvers are asked, which would remember an early no; "
		           "%lu:%02lu left",
		           s->goal.owner, first / 60, first % 60);
		return buf_take(&b);
	}
	buf_printf(&b, "%s: waiting for ", s->goal.owner);
	for (size_t i = 0; i < s->servers; i++) {
		enum spread_state state = s->server[i].view.state;
		char *line;

		if (state == SPREAD_GOOD || state == SPREAD_NO_ROUTE ||
		    (s->wait_for != WAIT_FOR_ALL && (state == SPREAD_LAME || state == SPREAD_UNREACHABLE)) ||
		    ++lag > WAITING_SHOWN)
			continue;
		line = spread_line(s, &s->server[i].view);
		buf_printf(&b, "%s%s", shown++ > 0 ? ", " : "", line);
		free(line);
	}
	if (lag > shown)
		buf_printf(&b, " and %zu more", lag - shown);
	if (lag == 0)
		buf_add_str(&b, s->settling ? "the settle time" : "a useful answer");
	buf_printf(&b, "; %lu:%02lu left", left / 60, left % 60);
	return buf_take(&b);
}

void spread_free(struct spread *s)
{
	if (s == NULL)
		return;
	if (s->gone != NULL)
		*s->gone = true;
	spread_stop(s);
	for (size_t i = 0; i < s->servers; i++) {
		loop_timer_free(s->server[i].timer);
		spread_view_free(&s->server[i].view);
	}
	free(s->server);
	loop_timer_free(s->deadline);
	loop_timer_free(s->nobody);
	loop_timer_free(s->settle);
	strs_free(&s->goal.values);
	free(s->goal.owner);
	free(s->zone);
	free(s);
}
