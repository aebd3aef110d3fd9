/* Between the provider host and host-http.so, which it loads for modules that use HTTP. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "common/str.h"
#include "provider.h"

#define SERVICES_VERSION     4
#define SERVICES_SYMBOL_NAME "dnsproof_host_http"

/* Borrowed during start() alone, but the functions. */
struct services_plan {
	const char *provider;    /* its name, for messages */
	const char *ca_bundle;   /* file that stands for the system's store, NULL: the system's */
	const char *proxy;       /* URL, NULL: none */
	const char *source;      /* address of this host that connections come from, NULL: any */
	const char *family;      /* of the addresses that are connected to: any, ipv4, ipv6; NULL: any */
	const struct strs *urls; /* what the operator gave as options of kind URL */
	bool link_local;         /* metadata services at 169.254.0.0/16 may be asked without TLS */
	void (*mask_add)(const char *secret);
	char *(*mask_text)(const char *text); /* new string */
};

struct services {
	unsigned version; /* SERVICES_VERSION: both are of one build */
	/* Once a process. False with e. */
	bool (*start)(const struct services_plan *plan, struct err *e);
	/* Puts its functions into the table that modules get. */
	void (*fill)(struct dnsproof_host *host);
	void (*call_begin)(unsigned ms);
	void (*call_end)(void); /* frees the texts and the answer of the call */
	void (*stop)(void);
	/* Requests of this call that change something and were not refused (or not answered at all). */
	unsigned (*changes)(void);
	/* Requests sent since this was asked last, whatever came of them. */
	unsigned (*requests)(void);
};

extern const struct services dnsproof_host_http;
