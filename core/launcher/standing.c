#include "launcher/standing.h"

#include "common/lifetime.h"

enum reason standing_reason(const struct standing_certificate *c, int64_t now)
{
	if (c->left || c->parked || !c->renews)
		return REASON_NONE;
	if (!c->until)
		return REASON_NEW;
	if (c->change != REASON_NONE)
		return c->change;
	return now < c->from ? REASON_NONE : c->advised ? REASON_ADVISED : REASON_AGE;
}

enum standing standing_of(const struct standing_certificate *c, int64_t now)
{
	if (c->left)
		return STANDING_LEFT;
	if (c->parked)
		return STANDING_PARKED;
	if (c->until && c->until <= now)
		return STANDING_EXPIRED;
	if (c->failure)
		return c->failure->next > now ? STANDING_RESTING : STANDING_FAILING;
	if (!c->until)
		return STANDING_MISSING;
	return standing_reason(c, now) == REASON_NONE ? STANDING_OK : STANDING_DUE;
}

const char *standing_word(enum standing s)
{
	static const char *const words[] = {
	    [STANDING_OK] = "ok",           [STANDING_DUE] = "due",         [STANDING_FAILING] = "failing",
	    [STANDING_RESTING] = "resting", [STANDING_MISSING] = "missing", [STANDING_EXPIRED] = "expired",
	    [STANDING_PARKED] = "parked",   [STANDING_LEFT] = "left",
	};
	return words[s];
}

const char *reason_text(enum reason r, const struct standing_certificate *c)
{
	static const char *const texts[] = {
	    [REASON_NONE] = "not due",
	    [REASON_NEW] = "there is none yet",
	    [REASON_REVOKED] = "the one that is there is to be revoked",
	    [REASON_NAMES] = "other names are wanted",
	    [REASON_KEY] = "a key of another type is wanted",
	    [REASON_CA] = "another CA is wanted",
	    [REASON_PROFILE] = "another profile is wanted",
	    [REASON_AGE] = "a third of its lifetime is left",
	    [REASON_ADVISED] = "the CA suggests it",
	};
	return r == REASON_AGE && lifetime_is_short(c->since, c->until) ? "half of its lifetime is left"
	                                                                : texts[r];
}

bool standing_urgent(const struct standing_certificate *c, int64_t now)
{
	return c->until && now >= lifetime_urgent(c->since, c->until);
}

bool standing_critical(const struct standing_certificate *c, int64_t now)
{
	int64_t urgent = lifetime_urgent(c->since, c->until);
	return c->until && now >= urgent + (c->until - urgent) / 2;
}
