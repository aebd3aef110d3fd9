#include "config.h"

#include "engine/net/ways.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/url.h"
#include "engine/net/ca_bundle.h"

/* "http://HOST:PORT" with nothing behind but a slash; without a port programs mean different ones. */
static bool proxy_read(struct ways *w, const char *proxy, struct err *e)
{
	const char *rest = proxy + strlen("http://");
	bool plain = str_starts(proxy, "http://");
	char *as_https = plain ? xasprintf("https://%s", rest) : NULL;
	const char *path = plain ? strchr(rest, '/') : NULL;
	const char *port = plain ? strrchr(rest, ':') : NULL;

	if (!plain || !url_valid(as_https) || (path && path[1]) || !port || strchr(port, ']')) {
		free(as_https);
		return err_set(e, "--proxy %s: type http://HOST:PORT", proxy);
	}
	w->proxy = xstrdup(proxy);
	w->proxy_host = url_host(as_https, &w->proxy_port);
	free(as_https);
	return true;
}

bool ways_read(struct ways *w, const struct http_ways *wanted, struct err *e)
{
	const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);

	*w = (struct ways){0};
	if ((wanted->bundle && !ca_bundle_bundle_ok(wanted->bundle, e)) ||
	    (wanted->proxy && !proxy_read(w, wanted->proxy, e)) ||
	    !address_family_read(wanted->source, wanted->family, &w->family, e))
		return false;
	w->source = wanted->source ? xasprintf("host!%s", wanted->source) : NULL;
	w->bundle = xstrdup(wanted->bundle);
	if (!wanted->bundle && ca_bundle_folder_hashed(curl->capath))
		w->folder = xstrdup(curl->capath);
	return true;
}

void ways_free(struct ways *w)
{
	free_all(w->proxy, w->proxy_host, w->source, w->bundle, w->folder);
}

const char *ways_asked(const struct ways *w, const char *host)
{
	return w->proxy ? w->proxy_host : host;
}

void ways_fitting(const struct ways *w, const struct strs *addresses, struct strs *fitting)
{
	for (size_t i = 0; i < addresses->n; i++)
		if (address_is_of(addresses->at[i], w->family))
			strs_add(fitting, addresses->at[i]);
}

static void apply_trust(const struct ways *w, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (w->bundle) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, w->bundle);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	} else if (w->folder) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
		curl_easy_setopt(easy, CURLOPT_CAPATH, w->folder);
	}
}

void ways_apply(const struct ways *w, CURL *easy)
{
	static const long versions[] = {[ADDRESS_ANY] = CURL_IPRESOLVE_WHATEVER,
	                                [ADDRESS_IPV4] = CURL_IPRESOLVE_V4,
	                                [ADDRESS_IPV6] = CURL_IPRESOLVE_V6};

	curl_easy_setopt(easy, CURLOPT_PROXY, w->proxy ? w->proxy : "");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(easy, CURLOPT_INTERFACE, w->source);
	curl_easy_setopt(easy, CURLOPT_IPRESOLVE, versions[w->family]);
	apply_trust(w, easy);
}
