#include "aws.h"

#include <string.h>

#include "shared/xml.h"
#include "verdict.h"

/* https://docs.aws.amazon.com/Route53/latest/APIReference/CommonErrors.html and the pages of the
 * calls. */
static const struct verdict_word words[] = {
    {"Throttling*", DNSPROOF_RATE},
    {"RequestLimitExceeded", DNSPROOF_RATE},
    {"TooManyRequests*", DNSPROOF_RATE},
    {"SlowDown", DNSPROOF_RATE},
    {"PriorRequestNotComplete", DNSPROOF_RATE},
    {"AccessDenied*", DNSPROOF_AUTH},
    {"NotAuthorized", DNSPROOF_AUTH},
    {"OptInRequired", DNSPROOF_AUTH},
    {"InvalidClientTokenId", DNSPROOF_AUTH},
    {"UnrecognizedClient*", DNSPROOF_AUTH},
    {"InvalidSignature*", DNSPROOF_AUTH},
    {"IncompleteSignature", DNSPROOF_AUTH},
    {"SignatureDoesNotMatch", DNSPROOF_AUTH},
    {"MissingAuthenticationToken*", DNSPROOF_AUTH},
    {"ExpiredToken*", DNSPROOF_AUTH},
    {"RequestExpired", DNSPROOF_AUTH},
    {"InvalidIdentityToken", DNSPROOF_AUTH},
    {"IDPRejectedClaim", DNSPROOF_AUTH},
    {"NoSuchHostedZone", DNSPROOF_NOZONE},
    {"ConcurrentModification", DNSPROOF_TEMP},
    {"Internal*", DNSPROOF_TEMP},
    {"ServiceUnavailable*", DNSPROOF_TEMP},
    {0},
};

/* InvalidChangeBatch stands for many things; only its words tell which. */
static const struct {
	const char *words;
	enum dnsproof_rc rc;
} batch_words[] = {
    {"but it was not found", DNSPROOF_CONFLICT},
    {"do not match the current values", DNSPROOF_CONFLICT},
    {"but it already exists", DNSPROOF_CONFLICT},
    {"is not permitted in zone", DNSPROOF_NOZONE},
};

const struct aws_place *aws_place(const struct dnsproof_call *call)
{
	static const struct aws_place places[] = {
	    {"cn-", "cn-northwest-1", "https://route53.amazonaws.com.cn", "amazonaws.com.cn"},
	    {"us-gov-", "us-gov-west-1", "https://route53.us-gov.amazonaws.com", "amazonaws.com"},
	    {"", "us-east-1", "https://route53.amazonaws.com", "amazonaws.com"},
	};
	const char *region = option_text(call, "region");
	size_t i = 0;

	while (strncmp(region, places[i].prefix, strlen(places[i].prefix)) != 0)
		i++;
	return &places[i];
}

enum dnsproof_rc aws_odd(const struct dnsproof_call *call, const char *where)
{
	return call->host->fail(call, DNSPROOF_TEMP,
	                        "%s: the answer is not what the API's documentation says", where);
}

static enum dnsproof_rc refused(const struct dnsproof_call *call, const struct aws_request *r,
                                const struct dnsproof_http_answer *answer, const char *code,
                                const char *message)
{
	if (!strcmp(code, "InvalidChangeBatch"))
		for (size_t i = 0; i < sizeof(batch_words) / sizeof(batch_words[0]); i++)
			if (message && strstr(message, batch_words[i].words))
				return call->host->fail(call, batch_words[i].rc, "%s: %s: %.300s", r->where,
				                        code, message);
	return verdict(call, answer, words, r->where, code, message);
}

const json_t *aws_item(const json_t *elements, size_t i)
{
	if (json_is_array(elements))
		elements = json_array_get(elements, i);
	else if (i > 0)
		return NULL;
	return json_is_object(elements) ? elements : NULL;
}

/* <ErrorResponse><Error><Code>...: but a bad batch is <InvalidChangeBatch><Messages><Message>... */
static const char *error_of(const json_t *document, const char **message)
{
	const json_t *batch = json_object_get(document, "InvalidChangeBatch");
	const json_t *all = verdict_at(batch, "Messages.Message");

	if (batch) {
		*message = json_string_value(json_is_array(all) ? json_array_get(all, 0) : all);
		return "InvalidChangeBatch";
	}
	*message = verdict_text(document, "ErrorResponse.Error.Message");
	return verdict_text(document, "ErrorResponse.Error.Code");
}

static enum dnsproof_rc judge(const struct dnsproof_call *call, const struct aws_request *r,
                              const struct dnsproof_http_answer *answer, json_t **xml)
{
	json_t *document = xml_read(answer->body, answer->body_len), *root;
	const char *message, *code = error_of(document, &message);
	enum dnsproof_rc rc = DNSPROOF_OK;

	root = document ? json_object_iter_value(json_object_iter(document)) : NULL;
	if (answer->status == 200 && json_is_object(root) && !code)
		*xml = json_incref(root);
	else if (code && (!r->fine || strcmp(code, r->fine) != 0))
		rc = refused(call, r, answer, code, message);
	else if (!code)
		rc = answer->status == 200 ? aws_odd(call, r->where) : call->host->http_fail(call, answer);
	json_decref(document);
	return rc;
}

static enum dnsproof_rc ask_unsigned(const struct dnsproof_call *call, const struct aws_request *r,
                                     struct dnsproof_http_answer *answer)
{
	answer->size = sizeof(*answer);
	return call->host->http(
	    call,
	    &(struct dnsproof_http_request){.size = sizeof(struct dnsproof_http_request),
	                                    .method = r->method,
	                                    .url = call->host->text(call, "%s%s", r->endpoint, r->path),
	                                    .content_type = r->content_type,
	                                    .body = r->body,
	                                    .body_len = strlen(r->body),
	                                    .any_status = 1},
	    answer);
}

enum dnsproof_rc aws_ask(const struct dnsproof_call *call, const struct aws_request *r, json_t **xml)
{
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc;

	*xml = NULL;
	if (r->key)
		rc = exchange_run(call,
		                  &(struct exchange){.profile = SIGN_AWS4,
		                                     .key = *r->key,
		                                     .region = r->region,
		                                     .service = r->service,
		                                     .endpoint = r->endpoint,
		                                     .method = r->method,
		                                     .path = r->path,
		                                     .query = r->query,
		                                     .content_type = r->content_type,
		                                     .body = r->body},
		                  &answer);
	else
		rc = ask_unsigned(call, r, &answer);
	return rc == DNSPROOF_OK ? judge(call, r, &answer, xml) : rc;
}
