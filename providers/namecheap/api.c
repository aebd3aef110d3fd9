#include "api.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "shared/xml.h"
#include "shared/given.h"

#define PRODUCTION "https://api.namecheap.com/xml.response"
#define SANDBOX    "https://api.sandbox.namecheap.com/xml.response"

/* https://www.namecheap.com/support/api/error-codes/, from..to; the first that fits counts. */
static const struct {
	long from, to;
	enum dnsproof_rc rc;
} numbers[] = {
    {500000, 500000, DNSPROOF_RATE},      {1010000, 1019999, DNSPROOF_AUTH},
    {1030000, 1039999, DNSPROOF_AUTH},    {2011166, 2011166, DNSPROOF_NOZONE},
    {2016166, 2016166, DNSPROOF_NOZONE},  {2019166, 2019166, DNSPROOF_NOZONE},
    {2030166, 2030166, DNSPROOF_NOZONE},  {2030288, 2030288, DNSPROOF_NOZONE},
    {3013288, 3013288, DNSPROOF_INVALID}, {4013288, 4013288, DNSPROOF_INVALID},
    {3000000, 9999999, DNSPROOF_TEMP},    {1050000, 1059999, DNSPROOF_TEMP},
};

json_t *api_member(const json_t *object, const char *name)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) if (!strcasecmp(key, name)) return value;
	return NULL;
}

const char *api_text(const json_t *object, const char *name)
{
	return json_string_value(api_member(object, name));
}

static const char *option_or(const struct dnsproof_call *call, const char *key, const char *other)
{
	return given_form(call, given_or(call, key, given_or(call, other, "")));
}

static const char *body_make(const struct dnsproof_call *call, const char *zone, const char *command,
                             const char *form)
{
	const char *dot = strchr(zone, '.');

	return call->host->text(
	    call, "ApiUser=%s&ApiKey=%s&UserName=%s&ClientIp=%s&Command=%s&SLD=%.*s&TLD=%s%s",
	    option_or(call, "user", "user"), option_or(call, "key", "key"),
	    option_or(call, "username", "user"), option_or(call, "client_ip", "client_ip"), command,
	    (int)(dot - zone), zone, given_form(call, dot + 1), form);
}

static enum dnsproof_rc rc_of(long number)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (number >= numbers[i].from && number <= numbers[i].to)
			return numbers[i].rc;
	return DNSPROOF_INVALID;
}

static enum dnsproof_rc refused(const struct dnsproof_call *call, const json_t *response)
{
	const json_t *error = api_member(api_member(response, "Errors"), "Error");
	const char *number, *words;

	if (json_is_array(error))
		error = json_array_get(error, 0);
	number = api_text(error, "@Number");
	words = json_is_string(error) ? json_string_value(error) : api_text(error, "#text");
	if (!number)
		return call->host->fail(call, DNSPROOF_TEMP,
		                        "Namecheap's answer is neither right nor an error");
	return call->host->fail(call, rc_of(strtol(number, NULL, 10)), "HTTP 200, error %.20s: %.300s",
	                        number, words ? words : "");
}

enum dnsproof_rc api_run(const struct dnsproof_call *call, const char *zone, const char *command,
                         const char *form, const char *element, json_t **result)
{
	const char *body, *status;
	struct dnsproof_http_answer a = {.size = sizeof(a)};
	struct dnsproof_http_request r = {
	    .size = sizeof(r), .method = "POST", .content_type = "application/x-www-form-urlencoded"};
	json_t *answer, *response;
	enum dnsproof_rc rc;

	*result = NULL;
	if (!strchr(zone, '.'))
		return call->host->fail(call, DNSPROOF_NOZONE, "%s is not a domain that Namecheap can hold",
		                        zone);
	body = body_make(call, zone, command, form);
	r.url = given_base(call, "endpoint",
	                   json_is_true(json_object_get(call->options, "sandbox")) ? SANDBOX : PRODUCTION);
	r.body = body;
	r.body_len = strlen(body);
	rc = call->host->http(call, &r, &a);
	if (rc != DNSPROOF_OK)
		return rc;
	answer = xml_read(a.body, a.body_len);
	response = api_member(answer, "ApiResponse");
	status = api_text(response, "@Status");
	if (status && !strcasecmp(status, "OK"))
		*result = json_incref(api_member(api_member(response, "CommandResponse"), element));
	if (!*result)
		rc = response ? refused(call, response)
		              : call->host->fail(call, DNSPROOF_TEMP, "what answers is not Namecheap's API");
	json_decref(answer);
	return rc;
}
