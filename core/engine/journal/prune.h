/* What has grown old: nothing in the journal grows for ever. */
#pragma once

struct turn;

/* Removes ended orders, values that are gone, runs, events and learned times of long ago. An order whose TXT value
 * is owed stays with it. */
void journal_prune(struct turn *t);
