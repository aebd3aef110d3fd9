#include "endpoint.h"

#include <string.h>

static const char *without_default_port(const struct dnsproof_call *call, const char *scheme,
                                        const char *host)
{
	const char *port = strrchr(host, ':');

	if (port && !strchr(port, ']') && !strcmp(port, !strcmp(scheme, "https") ? ":443" : ":80"))
		return call->host->text(call, "%.*s", (int)(port - host), host);
	return host;
}

struct endpoint endpoint_split(const struct dnsproof_call *call, const char *url)
{
	const char *rest = strstr(url, "://");
	struct endpoint e;
	size_t n;

	e.scheme = call->host->text(call, "%.*s", rest ? (int)(rest - url) : 0, url);
	rest = rest ? rest + 3 : url;
	n = strcspn(rest, "/?#");
	e.host = without_default_port(call, e.scheme, call->host->text(call, "%.*s", (int)n, rest));
	rest += n;
	n = strcspn(rest, "?#");
	while (n > 0 && rest[n - 1] == '/')
		n--;
	e.prefix = call->host->text(call, "%.*s", (int)n, rest);
	return e;
}
