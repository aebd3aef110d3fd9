/* A DNS provider for dnsproof: dnsproof-provider(3) is the manual. Replace what stands for dns.example. */
#include <dnsproof/provider.h>
#include <string.h>

static enum dnsproof_rc ask(struct dnsproof_txt_call *c, const char *method)
{
	const struct dnsproof_call *call = &c->call;
	const struct dnsproof_host *host = call->host;
	const struct dnsproof_http_header header = {
	    "authorization",
	    host->text(call, "Bearer %s", json_string_value(json_object_get(call->options, "token"))),
	};
	json_t *body = json_pack("{s:s, s:s, s:i}", "name", c->txt->name, "value", c->txt->value, "ttl",
	                         (int)c->txt->ttl);
	const struct dnsproof_http_request request = {
	    .size = sizeof(request),
	    .method = method,
	    .url = host->text(call, "https://api.dns.example/v1/zones/%s/txt",
	                      host->encode(call, "path", c->txt->zone, strlen(c->txt->zone))),
	    .header = &header,
	    .headers = 1,
	    .json = body,
	};
	struct dnsproof_http_answer answer = {.size = sizeof(answer)};
	enum dnsproof_rc rc = host->http(call, &request, &answer);

	json_decref(body);
	return rc;
}

/* Adding what is there is OK and adds nothing. */
static enum dnsproof_rc add(struct dnsproof_txt_call *c)
{
	return ask(c, "PUT");
}

/* This value goes and no other; deleting what is absent is OK. */
static enum dnsproof_rc del(struct dnsproof_txt_call *c)
{
	return ask(c, "DELETE");
}

static const struct dnsproof_option options[] = {
    {"token", DNSPROOF_REQUIRED | DNSPROOF_SECRET, NULL, NULL, "API token that may edit TXT records"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD,
    .name = "@NAME@",
    .summary = "@NAME@",
    .url = "https://dns.example/api",
    .options = options,
    .replaces = DNSPROOF_RECORD,
    .uses_http = 1,
    .add = add,
    .del = del,
};
