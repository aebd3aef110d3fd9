/* Orders of a run whose values stand at one name: a name and its wildcard apart, or targets of one delegation. The
 * resolver of their CA remembers the set that it was shown, so none posts a challenge before the values of all are
 * there; and no more values stand there at one time than the provider holds. */
#pragma once

#define GROUP_MOST 50    /* values at one name, where the provider says nothing */
#define GATHER_MS  30000 /* from the first that is ready: so long the others are waited for */

struct groups;

struct groups *groups_new(void);
void groups_free(struct groups *g); /* no order is left; NULL allowed */
