#include "config.h"

#include "engine/net/fault.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/mem.h"

static char *connect_words(const struct fault *f)
{
	char target[300];
	long number = 0;
	const char *text;

	snprintf(target, sizeof(target), "cannot connect to %s port %u", f->host, f->port);
	if (f->code == CURLE_OPERATION_TIMEDOUT)
		return xasprintf("%s: no connection within %d s", target, f->connect_s);
	curl_easy_getinfo(f->easy, CURLINFO_OS_ERRNO, &number);
	text = number ? strerror((int)number) : "no address could be reached";
	return xasprintf("%s: %c%s", target, tolower((unsigned char)text[0]), text + 1);
}

static char *certificate_words(const struct fault *f)
{
	static const char before[] = "SSL certificate problem: ";
	const char *why = strstr(f->curl_words, before);
	bool root = false;

	why = why ? why + strlen(before) : f->curl_words;
	if (strncmp(why, "SSL: ", 5) == 0)
		why += 5;
	root = strstr(why, "issuer") || strstr(why, "self");
	return xasprintf("%s: certificate not trusted (%s)%s", f->host, *why ? why : "no reason given",
	                 root ? "; give the CA's root with --ca-bundle FILE" : "");
}

char *fault_words(struct fault *f)
{
	const char *why = *f->curl_words ? f->curl_words : curl_easy_strerror(f->code);

	if (f->refused)
		return xasprintf("%s: %s", f->host, f->refused);
	switch (f->code) {
	case CURLE_COULDNT_CONNECT:
		return connect_words(f);
	case CURLE_OPERATION_TIMEDOUT:
		return connect_words(f);
	case CURLE_INTERFACE_FAILED:
		return xasprintf(
		    "%s: cannot connect from source_address, which must be an address of this host: "
		    "%s",
		    f->host, why);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
		f->certificate = true;
		return certificate_words(f);
	case CURLE_OUT_OF_MEMORY: /* so libcurl calls it when a line is over its own limit */
		return xasprintf("%s: the answer's header is too large", f->host);
	case CURLE_SSL_CACERT_BADFILE:
		f->certificate = true;
		return xasprintf("%s: cannot use the CA certificates in %s", f->host,
		                 f->bundle ? f->bundle : "the system's store");
	case CURLE_SSL_CONNECT_ERROR:
		return xasprintf("%s: TLS failed: %s", f->host, why);
	default:
		return xasprintf("%s: connection broken: %s", f->host, why);
	}
}
