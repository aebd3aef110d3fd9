/* Requests to AWS services that answer with XML. */
#pragma once

#include "exchange.h"
#include "provider.h"

struct aws_request {
	const struct sign_key *key; /* NULL: not signed */
	const char *service, *region;
	const char *endpoint;
	const char *method, *path, *query;
	const char *content_type, *body;
	const char *where; /* zone or role, for messages */
	const char *fine;  /* an error code that is OK, with *xml NULL; or NULL */
};

/* What is in the root element of a good answer, as shared/xml.h makes JSON of it; new reference, NULL
 * after anything but OK. */
enum dnsproof_rc aws_ask(const struct dnsproof_call *call, const struct aws_request *request, json_t **xml);
/* The i-th of elements that may stand once or more often; NULL behind the last, and for an empty
 * one. */
const json_t *aws_item(const json_t *elements, size_t i);
/* TEMP, with words. */
enum dnsproof_rc aws_odd(const struct dnsproof_call *call, const char *where);

/* The place that a region belongs to: the commercial one, China or GovCloud. */
struct aws_place {
	const char *prefix;     /* of its regions */
	const char *region;     /* that signs for Route 53 */
	const char *endpoint;   /* of Route 53 */
	const char *sts_suffix; /* of sts.REGION... */
};

/* By the option region. */
const struct aws_place *aws_place(const struct dnsproof_call *call);
