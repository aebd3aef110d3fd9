#include "config.h"

#include "http_service.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "load.h"
#include "mask.h"

const struct http_service_option http_service_options[] = {
    {HTTP_SERVICE_CA_BUNDLE,
     "certificates (PEM file) by which the server is trusted, instead of the system's"},
    {HTTP_SERVICE_PROXY, "http://HOST:PORT or https://HOST:PORT; with a password: file:/path or env:NAME"},
    {HTTP_SERVICE_SOURCE, "address of this host that connections come from"},
    {HTTP_SERVICE_FAMILY, "addresses that are connected to: any (default), ipv4 or ipv6"},
    {NULL, NULL},
};

static bool proxy_is_ok(const struct given *g, struct err *e)
{
	const char *text = g->value, *host;

	host = str_starts(text, "http://") ? text + 7 : str_starts(text, "https://") ? text + 8 : NULL;
	if (!host || !*host || strpbrk(text, " \t\r\n"))
		return err_set(e, "option proxy: is not of the form http://HOST:PORT or https://HOST:PORT");
	if (strchr(host, '@') && !g->source)
		return err_set(e,
		               "option proxy: holds a password and must not be given literally; put it into "
		               "a file that only you can read and type --set proxy=file:/path");
	return true;
}

static void proxy_mask(const char *text)
{
	const char *at = strrchr(text, '@'), *user = strstr(text, "://"), *colon;
	char *pair, *password;

	if (!at || !user)
		return;
	pair = xstrndup(user + 3, (size_t)(at - user - 3));
	colon = strchr(pair, ':');
	password = xstrdup(colon ? colon + 1 : pair);
	mask_add(password);
	mem_wipe_free(password);
	mem_wipe_free(pair);
}

static void urls_gather(const struct dnsproof_provider *p, const struct givens *given, struct strs *urls)
{
	for (const struct dnsproof_option *o = p->options; o && o->key; o++) {
		const struct given *g = o->flags & DNSPROOF_URL ? givens_find(given, o->key) : NULL;

		if (g)
			strs_add(urls, g->value);
	}
}

static const char *value_of(const struct givens *given, const char *key)
{
	const struct given *g = givens_find(given, key);

	return g ? g->value : NULL;
}

static bool start(const struct services *s, const struct dnsproof_provider *p, const struct givens *given,
                  bool descriptor, struct err *e)
{
	const struct given *proxy = givens_find(given, HTTP_SERVICE_PROXY);
	struct services_plan plan = {.provider = p->name,
	                             .ca_bundle = value_of(given, HTTP_SERVICE_CA_BUNDLE),
	                             .proxy = value_of(given, HTTP_SERVICE_PROXY),
	                             .source = value_of(given, HTTP_SERVICE_SOURCE),
	                             .family = value_of(given, HTTP_SERVICE_FAMILY),
	                             .link_local = !descriptor,
	                             .mask_add = mask_add,
	                             .mask_text = mask_text};
	struct strs urls = {0};
	bool ok;

	if (proxy && !proxy_is_ok(proxy, e))
		return false;
	if (proxy)
		proxy_mask(proxy->value);
	urls_gather(p, given, &urls);
	plan.urls = &urls;
	ok = s->start(&plan, e);
	strs_free(&urls);
	return ok;
}

bool http_service_start(const struct dnsproof_provider *p, struct givens *given, const char *modules,
                        bool descriptor, const struct services **out, struct err *e)
{
	bool ok;

	*out = NULL;
	if (!p->uses_http)
		return true;
	*out = services_load(modules, e);
	ok = *out && start(*out, p, given, descriptor, e);
	for (const struct http_service_option *o = http_service_options; o->key; o++)
		givens_drop(given, o->key);
	if (!ok)
		*out = NULL;
	return ok;
}
