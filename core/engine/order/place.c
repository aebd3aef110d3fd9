#include "engine/order/parts.h"

const char *place_dns_account(const struct order_place *p, size_t n)
{
	return n == 0 ? p->dns_account : n <= p->also.n ? p->also.at[n - 1] : NULL;
}
