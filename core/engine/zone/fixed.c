#include "engine/zone/fixed.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "common/address.h"
#include "common/mem.h"

static void zone_tidy(char *zone)
{
	size_t n = strlen(zone);

	for (char *p = zone; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	if (n > 0 && zone[n - 1] == '.')
		zone[n - 1] = '\0';
}

bool zone_fix(struct zone_cuts *c, const char *text, struct err *e)
{
	char *zone = xstrdup(text), *list = strchr(zone, '='), *rest = NULL;
	struct sockaddr_storage address;
	bool good = list != NULL && list[1] != '\0' && list[1] != ',';

	if (list != NULL)
		*list++ = '\0';
	zone_tidy(zone);
	for (char *p = good ? strtok_r(list, ", ", &rest) : NULL; good && p != NULL;
	     p = strtok_r(NULL, ", ", &rest)) {
		good = address_parse_port(p, 0, &address);
		if (good)
			zone_cuts_fix(c, zone, &address);
	}
	if (!good)
		err_set(e,
		        "--name-servers '%s': expected ZONE=ADDRESS[#PORT],... such as "
		        "corp.example.com=192.0.2.53,2001:db8::53",
		        text);
	free(zone);
	return good;
}
