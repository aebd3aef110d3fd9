#include "engine/zone/walk.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"

#define CUTS_MOST 64 /* zones on the way of one name */

struct zone_walk {
	struct zone_walk_start start;
	char *name;
	struct zone_cut *cut;
	unsigned cuts;
	struct zone_wait wait;
	struct zone_race *race;
	char *hidden;    /* a zone below cut on the same servers; its NS are asked for */
	char *tld_error; /* why the walk began at the root */
	bool lacks_aa;   /* some server answered, but without AA */
	bool no_aa;      /* ... and none with it: accepted */
	struct strs lame;
	zone_walk_fn *fn;
	void *arg;
};

static bool name_answer(void *arg, const struct zone_peer *peer, const struct ask_answer *answer);

static void walk_race(struct zone_walk *w, const char *qname, unsigned qtype, const struct zone_peer *first)
{
	unsigned other = qtype == DNS_SOA ? DNS_TXT : 0;
	struct zone_peer copy = {0};

	if (first != NULL)
		copy = (struct zone_peer){.name = xstrdup(first->name), .address = first->address};
	zone_race_free(w->race);
	w->race = zone_race_new(w->start.net, w->start.budget, qname, qtype, other, name_answer, w);
	if (first != NULL)
		zone_race_add(w->race, copy.name, &copy.address);
	zone_cut_feed(w->cut, w->race);
	free(copy.name);
}

static void walk_enter(struct zone_walk *w, struct zone_cut *cut)
{
	w->cut = cut;
	w->cuts++;
	free(w->hidden);
	w->hidden = NULL;
	w->lacks_aa = w->no_aa = false;
	strs_free(&w->lame);
	zone_cut_wait(cut, &w->wait);
	walk_race(w, w->name, DNS_SOA, NULL);
	loop_timer_set(w->wait.kick, 0);
}

char *zone_walk_text(const struct zone_walk *w)
{
	const char *zone = zone_cut_name(w->cut);
	struct strs missing = {0};
	struct buf b;

	buf_init(&b, 0);
	if (w->tld_error != NULL)
		buf_printf(&b,
		           "%s; check the spelling and /etc/resolv.conf, or give --name-servers "
		           "ZONE=ADDRESS\n",
		           w->tld_error);
	buf_printf(&b, "no name server of %s gives a useful answer about %s",
	           *zone != '\0' ? zone : "the root", w->hidden != NULL ? w->hidden : w->name);
	for (size_t i = 0; i < w->lame.n; i++)
		buf_printf(&b, "\n  %s", w->lame.at[i]);
	zone_cut_missing(w->cut, &missing);
	for (size_t i = 0; i < missing.n; i++)
		buf_printf(&b, "\n  %s", missing.at[i]);
	strs_free(&missing);
	if (*w->start.budget == 0)
		buf_add_str(&b, "\n  the limit of questions for one name is reached");
	return buf_take(&b);
}

static void walk_fail(struct zone_walk *w, enum zone_fault fault, char *why)
{
	struct zone_walked walked = {
	    .end = WALK_FAILED, .fault = fault, .why = why, .fixed = zone_cut_is_fixed(w->cut)};

	zone_race_free(w->race);
	w->race = NULL;
	zone_cut_unwait(&w->wait);
	loop_timer_stop(w->wait.kick);
	w->fn(w->arg, &walked);
	free(why);
}

static void walk_kick(void *arg)
{
	struct zone_walk *w = arg;

	if (zone_cut_error(w->cut) != NULL) {
		/* A resolver that does not tell this is got round: down from the root. */
		free(w->tld_error);
		w->tld_error = xstrdup(zone_cut_error(w->cut));
		walk_enter(w, zone_cuts_root(w->start.cuts));
	}
	if (w->race != NULL)
		zone_cut_feed(w->cut, w->race);
}

static void lame_note(struct zone_walk *w, const struct zone_peer *peer, const char *what)
{
	char address[64];
	char *line;

	ask_server_text(&peer->address, address);
	if (strcmp(address, peer->name) == 0)
		line = xasprintf("%s: %s", address, what);
	else
		line = xasprintf("%s %s: %s", peer->name, address, what);
	if (!strs_has(&w->lame, line))
		strs_add(&w->lame, line);
	free(line);
	zone_cut_avoid(w->cut, peer);
}

static void walk_end(struct zone_walk *w, const struct zone_walked *walked)
{
	zone_cut_unwait(&w->wait);
	loop_timer_stop(w->wait.kick);
	w->fn(w->arg, walked);
}

static void apex_end(struct zone_walk *w, const char *zone, bool nxdomain)
{
	struct zone_walked walked = {.end = WALK_APEX,
	                             .zone = zone,
	                             .cut = w->cut,
	                             .lame = &w->lame,
	                             .nxdomain = nxdomain,
	                             .no_aa = w->no_aa};

	if (*zone == '\0' && w->tld_error != NULL) {
		walk_fail(
		    w, ZONE_ERROR,
		    xasprintf("%s: its top-level domain does not exist, the root servers say; check the "
		              "spelling (%s)",
		              w->name, w->tld_error));
		return;
	}

	zone_race_free(w->race);
	w->race = NULL;
	walk_end(w, &walked);
}

/* The race outlives the callback's use of peer, but not the walk. */
static void link_end(struct zone_walk *w, const struct zone_reading *reading, const struct zone_peer *peer)
{
	struct zone_walked walked = {
	    .end = WALK_LINK, .reading = reading, .peer = peer, .cut = w->cut, .lame = &w->lame};
	struct zone_race *race = w->race;

	w->race = NULL;
	walk_end(w, &walked);
	zone_race_free(race);
}

static void parent_next(struct zone_walk *w)
{
	const char *parent = name_parent(w->name);
	char *name;

	if (parent == NULL || strcmp(parent, zone_cut_name(w->cut)) == 0 ||
	    !name_is_below(parent, zone_cut_name(w->cut))) {
		apex_end(w, zone_cut_name(w->cut), false);
		return;
	}
	name = xstrdup(parent);
	free(w->name);
	w->name = name;
	walk_race(w, w->name, DNS_SOA, NULL);
}

static bool zone_enter(struct zone_walk *w, const struct dns_message *m, const char *zone)
{
	struct zone_delegation d;

	if (w->cuts >= CUTS_MOST || !zone_delegation_read(&d, m, zone, zone_cut_name(w->cut)))
		return false;
	walk_enter(w, zone_cuts_add(w->start.cuts, zone, &d));
	zone_delegation_free(&d);
	return true;
}

static void apex_found(struct zone_walk *w, const char *zone, bool nxdomain, const struct zone_peer *peer)
{
	if (zone_cut_is_fixed(w->cut) || strcmp(zone, zone_cut_name(w->cut)) == 0) {
		apex_end(w, zone, nxdomain);
		return;
	}
	w->hidden = xstrdup(zone);
	walk_race(w, w->hidden, DNS_NS, peer);
}

/* True when the reading was taken; then the race is gone. */
static bool reading_take(struct zone_walk *w, const struct zone_reading *r, const struct zone_peer *peer,
                         const struct dns_message *m)
{
	switch (r->kind) {
	case READ_UNTOLD:
	case READ_USELESS:
		w->lacks_aa |= r->lacks_aa;
		if (peer->final)
			lame_note(w, peer, r->why);
		return false;
	case READ_REFERRAL:
		return zone_enter(w, m, r->zone);
	case READ_ZONE:
		apex_found(w, r->zone, r->nxdomain, peer);
		return true;
	case READ_LINK:
	case READ_TOO_LONG:
		if (w->start.upward)
			parent_next(w);
		else
			link_end(w, r, peer);
		return true;
	}
	return false;
}

static enum zone_reading_way walk_reading_way(const struct zone_walk *w)
{
	return (zone_cut_is_fixed(w->cut) ? READ_ANYWHERE : 0) | (w->no_aa ? READ_WITHOUT_AA : 0);
}

static bool name_answer(void *arg, const struct zone_peer *peer, const struct ask_answer *answer)
{
	struct zone_walk *w = arg;
	struct zone_reading r;
	bool taken;

	if (peer == NULL && w->lacks_aa && !w->no_aa) {
		w->no_aa = true;
		strs_free(&w->lame);
		walk_race(w, w->name, DNS_SOA, NULL);
		return true;
	}
	if (peer == NULL) {
		walk_fail(w, ZONE_NO_SERVER, zone_walk_text(w));
		return true;
	}
	if (answer->result != ASK_ANSWER) {
		if (peer->final)
			lame_note(w, peer, ask_result_text(answer->result));
		return false;
	}
	if (w->hidden != NULL) {
		taken = zone_enter(w, answer->message, w->hidden);
		if (!taken)
			lame_note(w, peer, "does not answer with the zone's NS records");
		return taken;
	}
	zone_read(&r, answer->message, w->name, zone_cut_name(w->cut), walk_reading_way(w));
	taken = reading_take(w, &r, peer, answer->message);
	zone_reading_free(&r);
	return taken;
}

struct zone_walk *zone_walk_new(const struct zone_walk_start *start, zone_walk_fn *fn, void *arg)
{
	struct zone_walk *w = xcalloc(1, sizeof(*w));

	w->start = *start;
	w->name = xstrdup(start->name);
	w->fn = fn;
	w->arg = arg;
	w->wait.kick = loop_timer_new(start->net->loop, walk_kick, w);
	walk_enter(w, zone_cuts_find(start->cuts, w->name));
	return w;
}

const char *zone_walk_zone(const struct zone_walk *w)
{
	return zone_cut_name(w->cut);
}

bool zone_walk_is_looking(const struct zone_walk *w)
{
	return zone_cut_is_looking(w->cut);
}

bool zone_walk_is_fixed(const struct zone_walk *w)
{
	return zone_cut_is_fixed(w->cut);
}

void zone_walk_free(struct zone_walk *w)
{
	if (w == NULL)
		return;
	zone_race_free(w->race);
	zone_cut_unwait(&w->wait);
	loop_timer_free(w->wait.kick);
	strs_free(&w->lame);
	free(w->hidden);
	free(w->tld_error);
	free(w->name);
	free(w);
}
