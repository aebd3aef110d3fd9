#include "responder.h"
#include "shared/module.h"

#include <stdlib.h>
#include <string.h>

enum { ARGUMENTS_MOST = 128, START_MS = 10000 };

/* Of this host. The texts live in one copy each. */
struct own {
	struct responder responder;
	const char *socket; /* NULL: we start a responder */
	const char *ns;
	char *argv[ARGUMENTS_MOST];
	size_t argc;
	char *copy[ARGUMENTS_MOST];
	size_t copies;
};

static const struct dnsproof_option options[] = {
    {"ns", DNSPROOF_REQUIRED, NULL, NULL, "name of this host, as the NS record at the registrar has it"},
    {"zone", 0, NULL, NULL, "zones to answer for; without it every _acme-challenge name is one"},
    {"address", 0, NULL, NULL, "public addresses of this host, needed if ns is inside the zone"},
    {"listen", 0, NULL, NULL, "addresses of this host to answer at, all if not given; ADDRESS#PORT is fine"},
    {"port", DNSPROOF_INT, NULL, "53", "port to answer at, behind a redirect of port 53"},
    {"rate", DNSPROOF_INT, NULL, "500", "answers a second by UDP for one network; 0: no limit"},
    {"socket", 0, NULL, NULL, "UNIX socket of a dnsproof-responder that runs already, instead of an own one"},
    {0},
};

static const char *text_of(const struct dnsproof_call *call, const char *key)
{
	return json_string_value(json_object_get(call->options, key));
}

static void argument(struct own *o, const char *name, const char *value)
{
	if (o->argc + 3 > ARGUMENTS_MOST)
		return;
	o->argv[o->argc++] = (char *)name;
	o->argv[o->argc++] = (char *)value;
}

/* An option that is a list: a NAME of the command line for each. */
static void arguments(struct own *o, const struct dnsproof_call *call, const char *key, const char *name)
{
	const char *text = text_of(call, key);
	char *rest = NULL, *copy;

	if (!text || o->copies == ARGUMENTS_MOST)
		return;
	copy = strdup(text);
	if (!copy)
		abort();
	o->copy[o->copies++] = copy;
	for (char *one = strtok_r(copy, " ,", &rest); one; one = strtok_r(NULL, " ,", &rest))
		argument(o, name, one);
}

static void number(struct own *o, const struct dnsproof_call *call, const char *key, const char *name)
{
	const json_t *value = json_object_get(call->options, key);
	char *copy = json_is_integer(value) ? json_dumps(value, JSON_ENCODE_ANY) : NULL;

	if (!copy)
		return;
	o->copy[o->copies++] = copy;
	argument(o, name, copy);
}

static void command_make(struct own *o, const struct dnsproof_call *call)
{
	o->argv[o->argc++] = (char *)"dnsproof-responder";
	argument(o, "--control", "3");
	arguments(o, call, "ns", "--ns");
	arguments(o, call, "zone", "--zone");
	arguments(o, call, "address", "--address");
	arguments(o, call, "listen", "--listen");
	number(o, call, "port", "--port");
	number(o, call, "rate", "--rate");
}

static enum dnsproof_rc connected(struct own *o, int64_t deadline, char why[WHY_MOST])
{
	if (o->responder.fd >= 0)
		return DNSPROOF_OK;
	return o->socket ? responder_connect(&o->responder, o->socket, deadline, why)
	                 : responder_start(&o->responder, o->argv, deadline, why);
}

static void own_free(struct own *o)
{
	responder_close(&o->responder);
	for (size_t i = 0; i < o->copies; i++)
		free(o->copy[i]);
	free(o);
}

static enum dnsproof_rc standalone_open(struct dnsproof_open_call *c)
{
	struct own *o = calloc(1, sizeof(*o));
	char why[WHY_MOST];
	enum dnsproof_rc rc;

	if (!o)
		abort();
	o->responder.fd = -1;
	o->socket = text_of(&c->call, "socket");
	o->ns = text_of(&c->call, "ns");
	command_make(o, &c->call);
	rc = o->ns ? connected(o, module_ms() + START_MS, why) : DNSPROOF_INVALID;
	if (rc == DNSPROOF_OK) {
		c->call.self = o;
		return DNSPROOF_OK;
	}
	rc = c->call.host->fail(&c->call, rc, "%s", o->ns ? why : "ns: missing");
	own_free(o);
	return rc;
}

static void standalone_close(struct dnsproof_call *call)
{
	if (call->self)
		own_free(call->self);
	call->self = NULL;
}

/* *answer: a new reference when OK. What is not OK is recorded. */
static enum dnsproof_rc tell(const struct dnsproof_call *call, json_t *request, json_t **answer)
{
	struct own *o = call->self;
	int64_t deadline = module_ms() + call->ms_left;
	char why[WHY_MOST];
	enum dnsproof_rc rc = connected(o, deadline, why);

	if (rc == DNSPROOF_OK)
		rc = responder_ask(&o->responder, request, deadline, answer, why);
	else
		json_decref(request);
	return rc == DNSPROOF_OK ? rc : call->host->fail(call, rc, "%s", why);
}

static enum dnsproof_rc change(struct dnsproof_txt_call *c, const char *op)
{
	const struct dnsproof_txt *t = c->txt;
	json_t *answer;
	enum dnsproof_rc rc = tell(&c->call,
	                           json_pack("{s:s,s:s,s:s,s:s,s:I}", "op", op, "zone", t->zone, "name",
	                                     t->name, "value", t->value, "ttl", (json_int_t)t->ttl),
	                           &answer);

	if (rc == DNSPROOF_OK)
		json_decref(answer);
	return rc;
}

static enum dnsproof_rc add(struct dnsproof_txt_call *c)
{
	return change(c, "add");
}

static enum dnsproof_rc del(struct dnsproof_txt_call *c)
{
	return change(c, "del");
}

static json_t *list_request(const char *zone, const char *name)
{
	return json_pack("{s:s,s:s,s:s}", "op", "list", "zone", zone, "name", name);
}

static enum dnsproof_rc check(struct dnsproof_check_call *c)
{
	const struct own *o = c->call.self;
	const char *name = c->name ? c->name : c->zone;
	json_t *answer;
	enum dnsproof_rc rc = tell(&c->call, list_request(c->zone, name), &answer);

	if (rc == DNSPROOF_OK)
		json_decref(answer);
	if (rc != DNSPROOF_NOZONE)
		return rc;
	return c->call.host->fail(
	    &c->call, rc,
	    "%s is in zone %s, which this host does not answer for: hand it over with the record "
	    "\"%s. NS %s.\" in that zone, or set zone to a zone that is handed over; see dnsproof "
	    "providers standalone",
	    name, c->zone, name, o->ns);
}

static enum dnsproof_rc list(struct dnsproof_list_call *c)
{
	json_t *answer, *value;
	enum dnsproof_rc rc = tell(&c->call, list_request(c->zone, c->name), &answer);
	size_t i;

	if (rc != DNSPROOF_OK)
		return rc;
	json_array_foreach(json_object_get(answer, "values"), i, value) if (json_is_string(value))
	    c->value(c, json_string_value(value), json_string_length(value));
	json_decref(answer);
	return DNSPROOF_OK;
}

static const char help[] =
    "This host must be reachable at port 53, UDP and TCP, and have a name:\n"
    "  {ns|ns.example.net}.  A  {address|192.0.2.1}\n"
    "Then create ONE record where the zone of your name is served (mostly at the registrar).\n"
    "Either hand over the challenge name itself:\n"
    "  _acme-challenge.{name|example.com}.  NS  {ns|ns.example.net}.\n"
    "  dnsproof issue {name|example.com} '*.{name|example.com}' --dns standalone --set "
    "ns={ns|ns.example.net}\n"
    "or, when a zone of this host was handed over once for all names\n"
    "  {zone|acme.example.net}.  NS  {ns|ns.example.net}.\n"
    "point the challenge name there:\n"
    "  _acme-challenge.{name|example.com}.  CNAME  {name|example.com}.{zone|acme.example.net}.\n"
    "  dnsproof issue {name|example.com} '*.{name|example.com}' --dns standalone --set "
    "ns={ns|ns.example.net} \\\n"
    "    --set zone={zone|acme.example.net} --cname-target '**.{zone|acme.example.net}'\n"
    "If {ns|ns.example.net} is itself in the zone handed over, its A record stands beside the NS (glue), "
    "and\n"
    "--set address={address|192.0.2.1} is needed. More: dnsproof-standalone(7).\n";

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("standalone", "no DNS API needed: this host answers for the challenge names itself, on port 53",
           "https://www.rfc-editor.org/rfc/rfc1034#section-4.2"),
    .limits = {.least_ttl = 1, .most_values = 1000},
    .replaces = DNSPROOF_RECORD,
    MODULE_CALLS,
    .open = standalone_open,
    .close = standalone_close,
    .help = help,
};
