#include "engine/journal/certificates.h"

#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

void certificate_store(struct turn *t, const struct certificate_key *key,
                       const struct certificate_facts *facts, const struct certificate_moments *when)
{
	rows_change(t,
	            "INSERT OR IGNORE INTO certificates(cert,key_type,names,ca_account,dns_accounts,wanted,"
	            "configured,renews) VALUES(?,?,?,?,?,'',0,1)",
	            "sssss", key->cert, key->key_type, key->names, key->ca_account, key->dns_accounts);
	rows_change(t,
	            "UPDATE certificates SET generation=?, stamp=?, serial=?, directory=?, profile=?, ari=?, "
	            "published=?,"
	            " not_before=?, not_after=?, look_at=?, renewed_from=?, earliest=?, verified=?"
	            " WHERE cert=? AND key_type=?",
	            "sssssssiiiiiiss", facts->generation, facts->stamp, facts->serial, facts->directory,
	            facts->profile, facts->ari, facts->published, facts->not_before, facts->not_after,
	            when->look_at, when->renewed_from, when->earliest, turn_wall(t), key->cert,
	            key->key_type);
}

struct lifetime {
	int64_t since, until;
};

static bool read_lifetime(void *arg, struct db_row *r)
{
	*(struct lifetime *)arg = (struct lifetime){db_int(r, 0), db_int(r, 1)};
	return false;
}

void certificate_lifetime(struct turn *t, const char *cert, const char *key_type, int64_t *since,
                          int64_t *until)
{
	struct lifetime l = {0, 0};

	rows_each(t, read_lifetime, &l,
	          "SELECT not_before, not_after FROM certificates WHERE cert=? AND key_type=?", "ss", cert,
	          key_type);
	*since = l.since;
	*until = l.until;
}

void certificate_forget(struct turn *t, const char *cert)
{
	rows_change(t, "DELETE FROM certificates WHERE cert=?", "s", cert);
}

void certificate_look_next(struct turn *t, const char *cert)
{
	rows_change(t, "UPDATE certificates SET look_at=0 WHERE cert=?", "s", cert);
}

void certificate_verified(struct turn *t, const char *cert)
{
	rows_change(t, "UPDATE certificates SET verified=? WHERE cert=?", "is", turn_wall(t), cert);
}
