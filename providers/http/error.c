#include "config.h"

#include "error.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void connect_words(CURL *easy, const struct http_url *url, struct err *e)
{
	long number = 0;
	const char *text;

	curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
	text = number ? strerror((int)number) : "no address could be reached";
	err_set(e, "%s: cannot connect to port %s: %c%s", url->host, url->port, tolower((unsigned char)*text),
	        text + 1);
}

static void timeout_words(CURL *easy, const struct http_url *url, struct err *e)
{
	curl_off_t connected = 0, first = 0;

	curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
	curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first);
	if (!connected)
		err_set(e, "%s: no connection to port %s in time", url->host, url->port);
	else
		err_set(e, "%s: %s in time", url->host, first ? "the answer did not end" : "no answer");
}

static void certificate_words(const struct http_url *url, const char *words, struct err *e)
{
	static const char before[] = "SSL certificate problem: ";
	const char *why = strstr(words, before);
	bool root;

	why = why ? why + strlen(before) : words;
	if (!strncmp(why, "SSL: ", 5))
		why += 5;
	root = strstr(why, "issuer") || strstr(why, "self");
	err_set(e, "%s: certificate not trusted (%s)%s", url->host, *why ? why : "no reason given",
	        root ? "; if it is a private CA's, add --set ca_bundle=FILE with its root" : "");
}

/* OpenSSL's, GnuTLS's and LibreSSL's words for an answer that is no TLS. */
static bool is_no_tls(const char *why)
{
	static const char *const words[] = {"wrong version number", "unexpected TLS packet",
	                                    "packet length too long", "http request", "bad record type"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(why, words[i]))
			return true;
	return false;
}

void http_error_words(CURL *easy, CURLcode code, const struct http_url *url, const char *words,
                      const char *refused, struct err *e)
{
	const char *why = *words ? words : curl_easy_strerror(code);

	if (refused)
		err_set(e, "%s: %s", url->host, refused);
	else if (code == CURLE_COULDNT_RESOLVE_HOST)
		err_set(e, "%s: its address cannot be found; is the name right, does the resolver work?",
		        url->host);
	else if (code == CURLE_COULDNT_RESOLVE_PROXY)
		err_set(e, "%s: the address of the proxy cannot be found", url->host);
	else if (code == CURLE_INTERFACE_FAILED)
		err_set(e,
		        "%s: cannot connect from source_address, which must be an address of this host: %s",
		        url->host, why);
	else if (code == CURLE_COULDNT_CONNECT)
		connect_words(easy, url, e);
	else if (code == CURLE_OPERATION_TIMEDOUT)
		timeout_words(easy, url, e);
	else if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR)
		certificate_words(url, words, e);
	else if (code == CURLE_SSL_CACERT_BADFILE)
		err_set(e, "%s: the CA certificates cannot be read: %s", url->host, why);
	else if (code == CURLE_SSL_CONNECT_ERROR && is_no_tls(why))
		err_set(e,
		        "%s: what answers at port %s speaks no TLS; is it a plain HTTP API? Then its URL is "
		        "http://%s:%s",
		        url->host, url->port, url->host, url->port);
	else if (code == CURLE_SSL_CONNECT_ERROR)
		err_set(e, "%s: TLS failed: %s", url->host, why);
	else if (code == CURLE_SEND_FAIL_REWIND)
		err_set(e, "%s: the connection broke before an answer came", url->host);
	else
		err_set(e, "%s: the connection broke: %s", url->host, why);
}
