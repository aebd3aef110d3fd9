#include "engine/spread/view.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"

#define LAME_AFTER 900 /* ms between two useless answers until a server counts as lame */

void spread_view_init(struct spread_view *v, const struct zone_server *server, const struct spread_goal *goal)
{
	*v = (struct spread_view){.name = xstrdup(server->name), .address = server->address};
	ask_server_text(&v->address, v->text);
	v->values = goal->values.n;
	v->shown = xcalloc(v->values + 1, sizeof(*v->shown));
}

void spread_view_free(struct spread_view *v)
{
	free(v->name);
	free(v->shown);
}

static bool answer_is_useful(const struct spread_goal *goal, const struct ask_answer *answer)
{
	const struct dns_message *m = answer->message;

	if (answer->result != ASK_ANSWER || (m->rcode != DNS_NOERROR && m->rcode != DNS_NXDOMAIN))
		return false;
	return m->aa || goal->resolver || (goal->without_aa && !m->ra);
}

static bool message_has_value(const struct dns_message *m, const char *owner, const char *value)
{
	size_t n = strlen(value);

	for (size_t i = 0; i < m->answer.n; i++) {
		const struct dns_rr *rr = &m->answer.at[i];

		if (rr->type == DNS_TXT && strcmp(rr->owner, owner) == 0 && rr->text_len == n &&
		    memcmp(rr->text, value, n) == 0)
			return true;
	}
	return false;
}

static void records_count(struct spread_view *v, const struct spread_goal *goal, const struct dns_message *m)
{
	v->cname = v->has_serial = false;
	v->kept_s = 0;
	v->others = 0;
	v->ttl = 0;
	for (size_t i = 0; i < m->answer.n; i++) {
		const struct dns_rr *rr = &m->answer.at[i];

		if (strcmp(rr->owner, goal->owner) != 0)
			continue;
		v->cname |= rr->type == DNS_CNAME;
		if (rr->type != DNS_TXT)
			continue;
		v->others++;
		v->ttl = rr->ttl > v->ttl ? rr->ttl : v->ttl;
	}
	v->others -= v->seen < v->others ? v->seen : v->others;
	for (size_t i = 0; i < m->authority.n; i++) {
		if (m->authority.at[i].type != DNS_SOA)
			continue;
		v->has_serial = true;
		v->serial = m->authority.at[i].serial;
		v->kept_s = goal->resolver ? m->authority.at[i].ttl : 0;
	}
}

static void useful_take(struct spread_view *v, const struct spread_goal *goal, const struct dns_message *m,
                        struct strs *vanished)
{
	bool good;

	v->lame_since = 0;
	v->seen = 0;
	for (size_t i = 0; i < v->values; i++) {
		bool has = message_has_value(m, goal->owner, goal->values.at[i]);

		if (v->shown[i] && !has)
			strs_add(vanished, goal->values.at[i]);
		v->shown[i] = has;
		v->seen += has;
	}
	records_count(v, goal, m);
	good = goal->absent ? v->seen == 0 : v->seen == v->values;
	v->was_stale |= !good;
	v->state = good ? SPREAD_GOOD : SPREAD_STALE;
}

/* A useless answer of a server that was good changes nothing; an answer that came must be given
 * twice, LAME_AFTER apart; silence has had its two tries in ask.c. */
static void useless_take(struct spread_view *v, uint64_t now)
{
	if (v->lame_since == 0)
		v->lame_since = now > 0 ? now : 1;
	if (v->state == SPREAD_GOOD)
		return;
	if (v->result == ASK_NO_ROUTE)
		v->state = SPREAD_NO_ROUTE;
	else if (v->result != ASK_ANSWER)
		v->state = SPREAD_UNREACHABLE;
	else if (now - v->lame_since >= LAME_AFTER)
		v->state = SPREAD_LAME;
}

void spread_view_take(struct spread_view *v, const struct spread_goal *goal, const struct ask_answer *answer,
                      uint64_t now, struct strs *vanished)
{
	v->questions++;
	v->result = answer->result;
	v->rtt_ms = answer->rtt_ms;
	v->tcp_only = answer->udp_dead;
	if (answer->result == ASK_ANSWER) {
		v->aa = answer->message->aa;
		v->ra = answer->message->ra;
		v->had_aa |= v->aa;
		v->rcode = answer->message->rcode;
	}
	if (answer_is_useful(goal, answer))
		useful_take(v, goal, answer->message, vanished);
	else
		useless_take(v, now);
}

bool spread_view_lacks_aa(const struct spread_view *v)
{
	return v->result == ASK_ANSWER && v->questions > 0 && !v->had_aa && !v->ra &&
	       (v->rcode == DNS_NOERROR || v->rcode == DNS_NXDOMAIN);
}

static void said_useful(const struct spread_view *v, const struct spread_goal *goal, struct buf *b)
{
	buf_printf(b, "%s", dns_rcode_text(v->rcode));
	if (v->cname)
		buf_add_str(b, ", a CNAME in its place");
	if (goal->absent)
		buf_printf(b, ", still %zu of %zu values", v->seen, v->values);
	else if (v->rcode == DNS_NOERROR)
		buf_printf(b, ", %zu of %zu values", v->seen, v->values);
	if (v->others > 0)
		buf_printf(b, ", %zu other TXT record%s", v->others, v->others == 1 ? "" : "s");
	if (v->has_serial)
		buf_printf(b, ", serial %u", (unsigned)v->serial);
	if (v->kept_s > 0)
		buf_printf(b, ", which it remembers for %u s", v->kept_s);
}

char *spread_view_line(const struct spread_view *v, const struct spread_goal *goal)
{
	struct buf b;

	buf_init(&b, 0);
	buf_printf(&b, "%s", v->name);
	if (strcmp(v->name, v->text) != 0)
		buf_printf(&b, " %s", v->text);
	buf_add_str(&b, ": ");
	if (v->questions == 0)
		buf_add_str(&b, "no answer so far");
	else if (v->result != ASK_ANSWER)
		buf_add_str(&b, ask_result_text(v->result));
	else if (v->rcode == DNS_SERVFAIL)
		buf_add_str(&b, "SERVFAIL (the zone is expired or not loaded there)");
	else if (v->rcode != DNS_NOERROR && v->rcode != DNS_NXDOMAIN)
		buf_printf(&b, "%s (it does not serve the zone)", dns_rcode_text(v->rcode));
	else if (!v->aa && v->ra && !goal->resolver)
		buf_printf(&b, "%s from a resolver, not from an authoritative server",
		           dns_rcode_text(v->rcode));
	else if (!v->aa && !goal->without_aa && !goal->resolver)
		buf_printf(&b, "%s without authority (lame)", dns_rcode_text(v->rcode));
	else
		said_useful(v, goal, &b);
	return buf_take(&b);
}

static const char *state_text(enum spread_state s)
{
	static const char *const text[] = {
	    [SPREAD_PENDING] = "pending",
	    [SPREAD_GOOD] = "good",
	    [SPREAD_STALE] = "stale",
	    [SPREAD_LAME] = "lame",
	    [SPREAD_UNREACHABLE] = "unreachable",
	    [SPREAD_NO_ROUTE] = "no-route",
	};

	return text[s];
}

json_t *spread_view_json(const struct spread_view *v)
{
	bool answered = v->questions > 0 && v->result == ASK_ANSWER;
	const char *rcode = "none";

	if (answered)
		rcode = dns_rcode_text(v->rcode);
	else if (v->questions > 0)
		rcode = ask_result_text(v->result);
	return json_pack("{s:s, s:s, s:s, s:i, s:o, s:i, s:s}", "server", v->name, "address", v->text,
	                 "rcode", rcode, "seen", (int)v->seen, "serial",
	                 v->has_serial ? json_integer(v->serial) : json_null(), "rtt_ms", (int)v->rtt_ms,
	                 "state", state_text(v->state));
}
