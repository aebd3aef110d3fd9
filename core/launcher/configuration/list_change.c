#include "config.h"

#include "launcher/configuration/list_change.h"

static const struct configured *find(struct list_part p, const char *id)
{
	const struct configured *k = configuration_find(p.c, id);
	return k && k >= p.c->at + p.from && k < p.c->at + p.to ? k : NULL;
}

struct list_change list_change_of(struct list_part old, struct list_part now, list_change_fn *tell, void *who)
{
	struct list_change all = {0};
	for (size_t i = old.from; i < old.to; i++) {
		const struct configured *was = &old.c->at[i], *is = find(now, was->id);
		all.leave += !is;
		all.rename += is && is->set != was->set;
		if (tell && (!is || is->set != was->set))
			tell(who, was, is);
	}
	for (size_t i = now.from; i < now.to; i++) {
		const struct configured *is = &now.c->at[i];
		if (find(old, is->id))
			continue;
		all.arrive++;
		if (tell)
			tell(who, NULL, is);
	}
	return all;
}
