#include <stdlib.h>
#include <string.h>

#include "shared/given.h"
#include "shared/module.h"
#include "shared/state.h"
#include "store.h"

struct acmedns {
	json_t *store;
	json_t *newest; /* subdomain -> the value that this process put last */
};

/* What to do so that the name leads to an account. */
static enum dnsproof_rc advise(const struct dnsproof_call *call, const json_t *store, const char *name)
{
	const char *server = given_or(call, "server", "https://SERVER");
	struct account a;

	if (store_find_registered(call, store, name, &a))
		return call->host->fail(
		    call, DNSPROOF_NOZONE,
		    "there is an account, but the name does not lead to it yet: create the record  "
		    "%s. CNAME %s.  in your zone",
		    name, a.fulldomain);
	return call->host->fail(call, DNSPROOF_NOZONE,
	                        "no account for %s; register one with  umask 077; curl -sS -X POST "
	                        "%s/register -o account.json  , add "
	                        "--set accounts=file:account.json , and create the record  %s. "
	                        "CNAME FULLDOMAIN.  with the fulldomain of "
	                        "that file (several accounts: dnsproof-cloud(7))",
	                        name, server, name);
}

static int find(const struct dnsproof_call *call, const char *name, const char *relative, struct account *a)
{
	const struct acmedns *self = call->self;

	return store_find(call, self->store, name, relative, a);
}

static const char *api_url(const struct dnsproof_call *call, const struct account *a, const char *path)
{
	size_t n = strlen(a->server);

	return call->host->text(call, "%.*s%s", (int)(n - (a->server[n - 1] == '/')), a->server, path);
}

/* https://github.com/joohoi/acme-dns#update-endpoint; the caller judges the status. */
static enum dnsproof_rc update(const struct dnsproof_call *call, const struct account *a, const char *value,
                               struct dnsproof_http_answer *answer)
{
	struct dnsproof_http_header header[] = {{"X-Api-User", a->username}, {"X-Api-Key", a->password}};
	json_t *body = json_pack("{s:s,s:s}", "subdomain", a->subdomain, "txt", value);
	struct dnsproof_http_request r = {.size = sizeof(r),
	                                  .method = "POST",
	                                  .url = api_url(call, a, "/update"),
	                                  .header = header,
	                                  .headers = 2,
	                                  .json = body,
	                                  .any_status = 1};
	enum dnsproof_rc rc = call->host->http(call, &r, answer);

	json_decref(body);
	return rc;
}

static enum dnsproof_rc put(const struct dnsproof_call *call, const struct account *a, const char *value)
{
	struct dnsproof_http_answer answer = {.size = sizeof(answer)};
	enum dnsproof_rc rc = update(call, a, value, &answer);
	const char *said;

	if (rc != DNSPROOF_OK)
		return rc;
	if (answer.status != 200)
		return call->host->http_fail(call, &answer);
	said = json_string_value(json_object_get(answer.json, "txt"));
	if (said && !strcmp(said, value))
		return DNSPROOF_OK;
	return call->host->fail(call, DNSPROOF_TEMP, "%s: is no acme-dns server, or it took another value",
	                        a->server);
}

/* A value put twice in a row would push the older one out of the server's two places. */
static enum dnsproof_rc acmedns_add(struct dnsproof_txt_call *c)
{
	struct acmedns *self = c->call.self;
	const char *last;
	enum dnsproof_rc rc;
	struct account a;

	if (!find(&c->call, c->txt->name, c->txt->relative, &a))
		return advise(&c->call, self->store, c->txt->name);
	last = json_string_value(json_object_get(self->newest, a.subdomain));
	if (last && !strcmp(last, c->txt->value))
		return DNSPROOF_OK;
	rc = put(&c->call, &a, c->txt->value);
	if (rc == DNSPROOF_OK)
		json_object_set_new(self->newest, a.subdomain, json_string(c->txt->value));
	return rc;
}

/* The server cannot delete: it forgets a value when two newer ones have come. */
static enum dnsproof_rc acmedns_del(struct dnsproof_txt_call *c)
{
	struct acmedns *self = c->call.self;
	const char *last;
	struct account a;

	if (!find(&c->call, c->txt->name, c->txt->relative, &a))
		return advise(&c->call, self->store, c->txt->name);
	last = json_string_value(json_object_get(self->newest, a.subdomain));
	if (last && !strcmp(last, c->txt->value))
		json_object_del(self->newest, a.subdomain);
	return DNSPROOF_OK;
}

/* The server judges the credentials before the value, and refuses an empty value. */
static enum dnsproof_rc acmedns_check(struct dnsproof_check_call *c)
{
	const struct dnsproof_call *call = &c->call;
	const struct acmedns *self = call->self;
	const char *name = c->name ? c->name : c->zone, *said;
	size_t n = strlen(name), z = strlen(c->zone);
	struct dnsproof_http_answer answer = {.size = sizeof(answer)};
	enum dnsproof_rc rc;
	struct account a;

	if (!find(call, name, n > z ? call->host->text(call, "%.*s", (int)(n - z - 1), name) : "@", &a))
		return advise(call, self->store, name);
	rc = update(call, &a, "", &answer);
	if (rc != DNSPROOF_OK)
		return rc;
	said = json_string_value(json_object_get(answer.json, "error"));
	if (answer.status == 400 && said && !strcmp(said, "bad_txt"))
		return DNSPROOF_OK;
	return call->host->http_fail(call, &answer);
}

static enum dnsproof_rc acmedns_begin(const struct dnsproof_call *call, void *state)
{
	struct acmedns *self = state;

	self->newest = json_object();
	return store_open(call, &self->store);
}

static void acmedns_end(void *state)
{
	struct acmedns *self = state;

	json_decref(self->store);
	json_decref(self->newest);
}

static enum dnsproof_rc acmedns_open(struct dnsproof_open_call *c)
{
	return state_open(c, sizeof(struct acmedns), acmedns_begin, acmedns_end);
}

static void acmedns_close(struct dnsproof_call *call)
{
	state_close(call, acmedns_end);
}

static const struct dnsproof_option options[] = {
    {"server", DNSPROOF_REQUIRED | DNSPROOF_URL, "ACME_DNS_API_BASE ACMEDNS_BASE_URL", NULL,
     "base URL of the acme-dns server, e.g. https://auth.acme-dns.io"},
    {"accounts", DNSPROOF_ONE_OF | DNSPROOF_SECRET, NULL, NULL,
     "what /register answered, or a JSON map of domains to such answers (the storage files of lego "
     "and "
     "acme-dns-client); an account can change its own TXT records alone"},
    {"username", DNSPROOF_ONE_OF, "ACMEDNS_USERNAME", NULL, "of one account, instead of accounts"},
    {"password", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "ACMEDNS_PASSWORD", NULL, "of that account"},
    {"subdomain", DNSPROOF_ONE_OF, "ACMEDNS_SUBDOMAIN", NULL, "of that account"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("acmedns", "acme-dns servers; keeps the two newest values, never deletes",
           "https://github.com/joohoi/acme-dns"),
    .limits = {.most_values = 2},
    .replaces = DNSPROOF_RRSET,
    .add = acmedns_add,
    .del = acmedns_del,
    .open = acmedns_open,
    .check = acmedns_check,
    .close = acmedns_close,
    .uses_http = 1,
};
