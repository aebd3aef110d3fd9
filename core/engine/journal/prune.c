#include "engine/journal/prune.h"

#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

#define DAY    86400
#define KEPT_S (90L * DAY)  /* what is of use to a reader alone; certificates of today live no longer */
#define ZONE_S (400L * DAY) /* the yearly certificate is the slowest use of a zone */

void journal_prune(struct turn *t)
{
	int64_t now = turn_wall(t);

	rows_change(t,
	            "DELETE FROM orders WHERE state IN ('published','failed','abandoned') AND created<?"
	            " AND NOT EXISTS (SELECT 1 FROM intents WHERE order_id=orders.id AND state<>'gone')",
	            "i", now - KEPT_S);
	rows_change(t,
	            "DELETE FROM intents WHERE state='gone'"
	            " AND NOT EXISTS (SELECT 1 FROM orders WHERE id=intents.order_id)",
	            "");
	rows_change(t,
	            "DELETE FROM challenge_posts"
	            " WHERE NOT EXISTS (SELECT 1 FROM orders WHERE id=challenge_posts.order_id)",
	            "");
	rows_change(t, "DELETE FROM runs WHERE ended IS NOT NULL AND ended<?", "i", now - KEPT_S);
	rows_change(t, "DELETE FROM events WHERE at<?", "i", now - KEPT_S);
	rows_change(t,
	            "DELETE FROM backoff WHERE class IN ('passing','person','rests','ca') AND not_before<?",
	            "i", now - KEPT_S);
	rows_change(t, "DELETE FROM backoff WHERE class='names' AND not_before+pause<?", "i", now - KEPT_S);
	rows_change(t, "DELETE FROM ari WHERE ask_after<?", "i", now - KEPT_S);
	rows_change(t, "DELETE FROM ledger WHERE full_at<?", "i", now);
	rows_change(t, "DELETE FROM certificates WHERE gone<>0 AND gone<?", "i", now - KEPT_S);
	rows_change(t, "DELETE FROM spread_times WHERE seen<?", "i", now - ZONE_S);
}
