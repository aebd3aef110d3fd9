#include "engine/zone/probe.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/b64.h"
#include "common/mem.h"

#define NAME_MOST 253

struct zone_probe {
	struct zone_race *race;
	char *name, *target, *cut;
	enum zone_reading_way way;
	zone_probe_fn *fn;
	void *arg;
};

static bool probe_answer(void *arg, const struct zone_peer *peer, const struct ask_answer *answer)
{
	struct zone_probe *p = arg;
	struct zone_reading r = {0};
	bool wildcard;

	if (peer == NULL) {
		p->fn(p->arg, false, NULL);
		return true;
	}
	if (answer->result != ASK_ANSWER)
		return false;
	zone_read(&r, answer->message, p->name, p->cut, p->way);
	if (r.kind == READ_USELESS) {
		zone_reading_free(&r);
		return false;
	}
	wildcard = r.kind == READ_LINK && r.link_kind == ZONE_CNAME && strcmp(r.target, p->target) == 0;
	p->fn(p->arg, wildcard, r.kind == READ_ZONE ? r.zone : NULL);
	zone_reading_free(&r);
	return true;
}

/* A DNAME's owner is a plain name in its zone. A wildcard that made the CNAME makes the names below it
 * too (RFC 4592 section 2.2.1); one that stands there itself shuts the wildcard out, even where it says
 * the same. Only where no name fits below, a sibling must do. */
static char *probe_name(const struct zone_link *link)
{
	const char *parent = name_parent(link->owner);
	unsigned char random[8] = {0};
	char *hex, *name;

	if (link->kind == ZONE_DNAME || parent == NULL)
		return xstrdup(link->owner);
	if (getentropy(random, sizeof(random)) < 0)
		memset(random, 0x5a, sizeof(random));
	hex = hex_encode(random, sizeof(random));
	if (strlen(link->owner) + strlen(hex) + 1 <= NAME_MOST)
		parent = link->owner;
	name = xasprintf("%s%s%s", hex, *parent != '\0' ? "." : "", parent);
	free(hex);
	return name;
}

struct zone_probe *zone_probe_new(struct zone_net *net, unsigned *budget, struct zone_cut *cut,
                                  const struct zone_peer *peer, const struct zone_link *link,
                                  zone_probe_fn *fn, void *arg)
{
	struct zone_probe *p = xcalloc(1, sizeof(*p));

	p->name = probe_name(link);
	p->target = xstrdup(link->target);
	p->cut = xstrdup(zone_cut_name(cut));
	p->way = READ_WITHOUT_AA | (zone_cut_is_fixed(cut) ? READ_ANYWHERE : 0);
	p->fn = fn;
	p->arg = arg;
	p->race = zone_race_new(net, budget, p->name, DNS_SOA, DNS_TXT, probe_answer, p);
	zone_race_add(p->race, peer->name, &peer->address);
	zone_cut_feed(cut, p->race);
	zone_race_close(p->race);
	return p;
}

void zone_probe_free(struct zone_probe *p)
{
	if (p == NULL)
		return;
	zone_race_free(p->race);
	free_all(p->name, p->target, p->cut, p);
}
