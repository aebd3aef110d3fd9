/* How many requests went to a DNS account within the last minute, by all runs. */
#pragma once

struct turn;

void dns_requests_store(struct turn *t, const char *dns_account, unsigned n); /* n were sent now */

/* Calls fn for each second of the last minute in which any were sent. What a clock that was ahead wrote counts as
 * sent now. */
void dns_requests_each(struct turn *t, const char *dns_account,
                       void (*fn)(void *to, unsigned age_s, unsigned n), void *to);
