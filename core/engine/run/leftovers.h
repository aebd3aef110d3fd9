/* What dead runs left behind: TXT values are removed; for `clean` their orders are given up too. */
#pragma once

#include "engine/order/world.h"
#include "engine/journal/orders.h"

struct leftovers;

typedef void leftovers_fn(void *arg, size_t removed, size_t owed);

/* Works on the values (stolen) and orders (copied) that our run has adopted. fn is called once, when
 * nothing is under way any more, never from inside. */
struct leftovers *leftovers_new(struct world *e, struct txt **txt, size_t txts, const struct order_row *order,
                                size_t orders, leftovers_fn *fn, void *arg);
void leftovers_free(struct leftovers *l); /* NULL allowed */

/* Ends within 20 s. */
void leftovers_wind_down(struct leftovers *l);
