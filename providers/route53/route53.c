#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "sets.h"
#include "txt.h"
#include "shared/module.h"

/* One request:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests
 */
enum { NAMES_MOST = 200, RECORDS_MOST = 900, OCTETS_MOST = 28000 };

/* State between calls. */
struct account {
	struct keys keys;
	char zone[256], id[CHANGE_ID_MOST]; /* the zone that was asked for last */
};

static enum dnsproof_rc enter(const struct dnsproof_call *call, const char *zone, struct hosted *h)
{
	struct account *a = call->self;
	enum dnsproof_rc rc = chain_get(call, &a->keys);

	*h = (struct hosted){.call = call, .keys = &a->keys, .zone = zone, .id = a->id};
	if (rc != DNSPROOF_OK || (a->id[0] && !strcmp(a->zone, zone)))
		return rc;
	a->id[0] = '\0';
	rc = hosted_find(h);
	if (rc == DNSPROOF_OK && strlen(zone) < sizeof(a->zone)) {
		strcpy(a->zone, zone);
		strcpy(a->id, h->id);
	}
	return rc;
}

/* The id of a zone that was deleted and made again is another one. */
static enum dnsproof_rc leave(const struct dnsproof_call *call, enum dnsproof_rc rc)
{
	struct account *a = call->self;

	if (rc == DNSPROOF_NOZONE)
		a->id[0] = '\0';
	return rc;
}

/* The edits of one request. */
struct plan {
	const struct hosted *hosted;
	struct dnsproof_change *change; /* of the whole call */
	size_t changes;
	struct set_edit edit[NAMES_MOST];
	size_t n, records, octets;
	enum dnsproof_rc worst;
};

static void weigh(struct plan *p, const struct set *set)
{
	const json_t *value;
	size_t i;

	json_array_foreach(set->values, i, value)
	{
		p->records++;
		p->octets += json_string_length(value);
	}
}

static int is_full(const struct plan *p)
{
	return p->n == NAMES_MOST || p->records > RECORDS_MOST || p->octets > OCTETS_MOST;
}

static void edit_free(struct set_edit *edit)
{
	json_decref(edit->before.values);
	json_decref(edit->after.values);
}

/* Settles every change of a name. change_id: NULL or "" if there is nothing to remember. */
static void settle(struct plan *p, const char *name, enum dnsproof_rc rc, const char *change_id)
{
	if (rc != DNSPROOF_OK)
		p->worst = rc;
	for (size_t i = 0; i < p->changes; i++) {
		struct dnsproof_change *c = &p->change[i];

		if (strcmp(c->txt.name, name) != 0)
			continue;
		c->rc = rc;
		if (rc == DNSPROOF_OK && !c->del && change_id)
			strcpy(c->txt.handle, change_id);
	}
}

static void flush(struct plan *p)
{
	char change_id[CHANGE_ID_MOST];
	enum dnsproof_rc rc = p->n ? sets_change(p->hosted, p->edit, p->n, change_id) : DNSPROOF_OK;

	for (size_t i = 0; i < p->n; i++) {
		settle(p, p->edit[i].before.name, rc, change_id);
		edit_free(&p->edit[i]);
	}
	p->n = p->records = p->octets = 0;
}

/* Takes the changed list (NULL: as it was) over. */
static void values_next(struct set *set, json_t *values)
{
	if (!values)
		return;
	json_decref(set->values);
	set->values = values;
	if (json_array_size(values) == 0) {
		json_decref(values);
		set->values = NULL;
	}
}

static void edit_make(const struct plan *p, size_t first, struct set_edit *edit)
{
	const struct dnsproof_call *call = p->hosted->call;

	edit->after = edit->before;
	json_incref(edit->after.values);
	for (size_t i = first; i < p->changes; i++) {
		const struct dnsproof_change *c = &p->change[i];
		struct set *set = &edit->after;

		if (strcmp(c->txt.name, edit->before.name) != 0)
			continue;
		if (!set->ttl)
			set->ttl = c->txt.ttl;
		values_next(set, c->del ? txt_without(call, set->values, c->txt.value)
		                        : txt_with(call, set->values, c->txt.value));
	}
}

/* Reads the set of the change's name and plans all changes of that name. */
static void plan_name(struct plan *p, size_t first)
{
	struct set_edit *edit = &p->edit[p->n];
	const char *name = p->change[first].txt.name;
	enum dnsproof_rc rc = set_get(p->hosted, name, &edit->before);

	if (rc != DNSPROOF_OK) {
		json_decref(edit->before.values);
		settle(p, name, rc, NULL);
		return;
	}
	edit_make(p, first, edit);
	if (edit->after.values == edit->before.values) {
		edit_free(edit);
		settle(p, name, DNSPROOF_OK, NULL);
		return;
	}
	weigh(p, &edit->before);
	weigh(p, &edit->after);
	p->n++;
	if (is_full(p))
		flush(p);
}

static int is_first_of_name(const struct dnsproof_change *change, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(change[j].txt.name, change[i].txt.name))
			return 0;
	return 1;
}

static enum dnsproof_rc run(const struct dnsproof_call *call, const char *zone,
                            struct dnsproof_change *change, size_t n)
{
	struct hosted hosted;
	struct plan p = {.hosted = &hosted, .change = change, .changes = n};
	enum dnsproof_rc rc = enter(call, zone, &hosted);

	if (rc != DNSPROOF_OK)
		return leave(call, rc);
	for (size_t i = 0; i < n; i++)
		if (is_first_of_name(change, i))
			plan_name(&p, i);
	flush(&p);
	return leave(call, p.worst);
}

static enum dnsproof_rc batch(struct dnsproof_batch_call *c)
{
	return run(&c->call, c->zone, c->change, c->n);
}

static enum dnsproof_rc one(struct dnsproof_txt_call *c, int is_del)
{
	struct dnsproof_change change = {.del = is_del, .txt = *c->txt};
	enum dnsproof_rc rc = run(&c->call, c->txt->zone, &change, 1);

	memcpy(c->txt->handle, change.txt.handle, sizeof(change.txt.handle));
	return rc;
}

static enum dnsproof_rc add(struct dnsproof_txt_call *c)
{
	return one(c, 0);
}

static enum dnsproof_rc del(struct dnsproof_txt_call *c)
{
	return one(c, 1);
}

static enum dnsproof_rc list(struct dnsproof_list_call *c)
{
	struct hosted hosted;
	enum dnsproof_rc rc = enter(&c->call, c->zone, &hosted);
	struct set set = {.values = NULL};

	if (rc == DNSPROOF_OK)
		rc = set_get(&hosted, c->name, &set);
	if (rc == DNSPROOF_OK)
		txt_report(c, set.values);
	json_decref(set.values);
	return leave(&c->call, rc);
}

/* Reading the set is a right of its own. */
static enum dnsproof_rc check(struct dnsproof_check_call *c)
{
	struct hosted hosted;
	enum dnsproof_rc rc = enter(&c->call, c->zone, &hosted);
	struct set set = {.values = NULL};

	if (rc == DNSPROOF_OK)
		rc = set_get(&hosted, c->name ? c->name : c->zone, &set);
	json_decref(set.values);
	return leave(&c->call, rc);
}

static enum dnsproof_rc live(struct dnsproof_live_call *c)
{
	struct account *a = c->call.self;
	struct hosted hosted = {.call = &c->call, .keys = &a->keys, .zone = c->txt->zone};
	enum dnsproof_rc rc = chain_get(&c->call, &a->keys);

	return rc == DNSPROOF_OK ? change_live(&hosted, c->txt->handle, &c->live) : rc;
}

static enum dnsproof_rc start(struct dnsproof_open_call *c)
{
	struct account *a = calloc(1, sizeof(*a));

	if (!a)
		abort();
	enum dnsproof_rc rc = chain_check(&c->call);
	if (rc == DNSPROOF_OK)
		c->call.self = a;
	else
		free(a); /* a module that did not open is not closed */
	return rc;
}

static void finish(struct dnsproof_call *c)
{
	struct account *a = c->self;

	if (a)
		keys_clear(&a->keys);
	free(a);
}

static const struct dnsproof_option options[] = {
    {"access_key", DNSPROOF_ONE_OF, "AWS_ACCESS_KEY_ID", NULL,
     "access key id of an IAM user or role that may ListHostedZonesByName, ListResourceRecordSets and "
     "GetChange, and ChangeResourceRecordSets for TXT of _acme-challenge names alone (the policy: "
     "dnsproof-route53(7))"},
    {"secret_key", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "AWS_SECRET_ACCESS_KEY", NULL, "its secret access key"},
    {"session_token", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "AWS_SESSION_TOKEN", NULL,
     "session token of temporary credentials"},
    {"profile_file", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "AWS_SHARED_CREDENTIALS", NULL,
     "a credentials file as ~/.aws/credentials, by file:/path (roles by role_arn and "
     "source_profile too)"},
    {"profile", DNSPROOF_ONE_OF, "AWS_PROFILE", "default", "profile in it"},
    {"assume_role", DNSPROOF_ONE_OF, "AWS_ASSUME_ROLE_ARN", NULL,
     "ARN of a role to assume with what was found"},
    {"external_id", DNSPROOF_ONE_OF, "AWS_EXTERNAL_ID", NULL, "external id for that role"},
    {"web_identity_token", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "AWS_WEB_IDENTITY_TOKEN", NULL,
     "web identity token, by file:/path"},
    {"role_arn", DNSPROOF_ONE_OF, "AWS_ROLE_ARN", NULL, "role for the web identity token"},
    {"container_path", DNSPROOF_ONE_OF, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", NULL,
     "path at http://169.254.170.2 (ECS task roles)"},
    {"container_uri", DNSPROOF_ONE_OF | DNSPROOF_URL, "AWS_CONTAINER_CREDENTIALS_FULL_URI", NULL,
     "URL of the container's credentials"},
    {"container_token", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "AWS_CONTAINER_AUTHORIZATION_TOKEN", NULL,
     "authorization for it"},
    {"metadata_endpoint", DNSPROOF_URL, NULL, NULL,
     "the instance's metadata service, asked when none of the above is set; http://169.254.169.254 if "
     "not set"},
    {"region", 0, NULL, "us-east-1", "region of STS; cn- and us-gov- regions have a Route 53 of their own"},
    {"hosted_zone_id", 0, NULL, NULL,
     "the one hosted zone, saves ListHostedZonesByName; needed if several public zones have the "
     "same name"},
    {"endpoint", DNSPROOF_URL, NULL, NULL, "another endpoint of Route 53"},
    {"sts_endpoint", DNSPROOF_URL, NULL, NULL, "another endpoint of STS"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("route53", "Amazon Route 53", "https://docs.aws.amazon.com/Route53/latest/APIReference/"),
    .limits = {.requests_per_minute = 300, .most_values = 400},
    .replaces = DNSPROOF_RRSET,
    .compare_and_swap = 1,
    MODULE_CALLS,
    .open = start,
    .batch = batch,
    .live = live,
    .close = finish,
    .uses_http = 1,
};
