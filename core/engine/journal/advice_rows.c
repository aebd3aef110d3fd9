#include "engine/journal/advice_rows.h"

#include "engine/journal/rows.h"

static bool row_read(void *arg, struct db_row *r)
{
	struct advice_row *row = arg;

	*row = (struct advice_row){
	    .start = db_int(r, 0),
	    .end = db_int(r, 1),
	    .chosen = db_int(r, 2),
	    .ask_after = db_int(r, 3),
	    .failed = db_int(r, 4) != 0,
	    .explained = (uint64_t)db_int(r, 5),
	    .heeded_at = db_int(r, 6),
	    .heeded = db_int(r, 7) != 0,
	};
	return false;
}

bool advice_row_read(struct turn *t, const char *cert, unsigned place, const char *cert_id,
                     struct advice_row *row)
{
	*row = (struct advice_row){.ask_after = -1};
	rows_each(t, row_read, row,
	          "SELECT window_start,window_end,chosen,ask_after,failed,explained,heeded_at,heeded FROM ari"
	          " WHERE cert=? AND place=? AND cert_id=?",
	          "sis", cert, (int64_t)place, cert_id);
	if (row->ask_after >= 0)
		return true;
	*row = (struct advice_row){.heeded_at =
	                               rows_number(t, "SELECT heeded_at FROM ari WHERE cert=? AND place=?",
	                                           "si", cert, (int64_t)place)};
	return false;
}

void advice_row_store(struct turn *t, const char *cert, unsigned place, const char *cert_id,
                      const struct advice_row *row)
{
	rows_change(
	    t,
	    "INSERT OR REPLACE INTO ari(cert,place,cert_id,window_start,window_end,chosen,ask_after,failed,"
	    "explained,heeded_at,heeded) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
	    "sisiiiiiiii", cert, (int64_t)place, cert_id, row->start, row->end, row->chosen, row->ask_after,
	    (int64_t)row->failed, (int64_t)row->explained, row->heeded_at, (int64_t)row->heeded);
}
