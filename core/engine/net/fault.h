/* Why a transfer failed, in words for a person. Only http.c uses this. */
#pragma once

#include <curl/curl.h>
#include <stdbool.h>

struct fault {
	CURL *easy;
	CURLcode code;
	const char *host;
	unsigned port;
	const char *curl_words; /* curl's error buffer */
	const char *refused;    /* why we stopped it ourselves, or NULL */
	const char *bundle;     /* CA certificates in place of the system's, or NULL */
	int connect_s;          /* how long a connection was waited for */
	bool certificate;       /* out: it is about the server's certificate */
};

/* One line that names the host. New. */
char *fault_words(struct fault *f);
