#include "place.h"

#include <string.h>
#include <strings.h>

struct place place_of_txt(const struct dnsproof_call *call, const struct dnsproof_txt *txt)
{
	return (struct place){.call = call,
	                      .zone = txt->zone,
	                      .name = txt->name,
	                      .relative = txt->relative,
	                      .value = txt->value,
	                      .ttl = (json_int_t)txt->ttl};
}

struct place place_of_list(const struct dnsproof_list_call *c)
{
	return (struct place){.call = &c->call, .zone = c->zone, .name = c->name, .relative = c->relative};
}

int place_same_name(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	n -= n > 1 && a[n - 1] == '.';
	m -= m > 1 && b[m - 1] == '.';
	return n == m && !strncasecmp(a, b, n);
}

enum dnsproof_rc place_odd(const struct place *p, const char *what)
{
	return p->call->host->fail(p->call, DNSPROOF_TEMP,
	                           "%s: the answer to %s is not what the API's documentation says", p->zone,
	                           what);
}
