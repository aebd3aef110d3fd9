/* What an order will soon add or remove is announced to the pool, so that the changes of a busy zone go together. */
#pragma once

#include <stdbool.h>

#include "common/str.h"

struct order;

/* What of one kind is announced: the n-th account and zone belong together. */
struct order_announced {
	struct order *order;
	bool add;
	struct strs accounts, zones; /* empty: nothing */
};

/* Values of its places are on their way (add), or are there and will be removed. Nothing new when it is announced
 * already. */
void order_announce(struct order *o, bool add);

/* They are pushed in this turn, or will not come: withdrawn once the turn has released them. */
void order_withdraw(struct order *o, bool add);

void order_forget_announced(struct order *o); /* it is freed */
