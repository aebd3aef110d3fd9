/* Which CA account a certificate's order takes: its `ca`, or for once its `backup_ca`, by its failures in a row that were
 * the CA's (common/backup.h). Whatever comes of that, the next order begins with `ca` again. */
#pragma once

#include <stdbool.h>

struct run_cert;

/* The account of this run, by what earlier runs learned; borrowed. One that rests for this certificate serves not. */
const char *backup_choose(const struct run_cert *c);

bool backup_is_used(const struct run_cert *c);
void backup_say(struct run_cert *c); /* that it is, and why; nothing when it is not */

/* All its orders have ended. */
void backup_learn(struct run_cert *c);

/* It was not tried, because its CA account rests; because the CA has asked for patience. */
void backup_ca_rests(struct run_cert *c);
void backup_ca_holds(struct run_cert *c, bool urgent);
