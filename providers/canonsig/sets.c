#include "sets.h"

#include "txt.h"

enum dnsproof_rc set_take(const struct place *p, const json_t *json, const char *values, struct set *set)
{
	set->ttl = json_integer_value(json_object_get(json, "ttl"));
	if (set->ttl <= 0 || !txt_is_list(json_object_get(json, values)))
		return place_odd(p, "the record set");
	set->values = json_copy(json_object_get(json, values));
	return DNSPROOF_OK;
}

static enum dnsproof_rc change(struct dnsproof_txt_call *c, int del)
{
	struct place p = {&c->call, c->txt->zone, c->txt->name, c->txt->relative, c->txt->value, NULL};
	struct set set = {0};
	enum dnsproof_rc rc = sets.get(&p, &set);
	const json_t *json;
	json_t *values;

	if (rc != DNSPROOF_OK)
		return rc;
	values = del ? txt_without(&c->call, set.values, c->txt->value)
	             : txt_with(&c->call, set.values, c->txt->value);
	if (values)
		rc = cloud_ask(&p, sets.put(&p, &set, values, set.values ? set.ttl : (json_int_t)c->txt->ttl),
		               &json);
	json_decref(set.values);
	return rc;
}

enum dnsproof_rc sets_add(struct dnsproof_txt_call *c)
{
	return change(c, 0);
}

enum dnsproof_rc sets_del(struct dnsproof_txt_call *c)
{
	return change(c, 1);
}

enum dnsproof_rc sets_list(struct dnsproof_list_call *c)
{
	struct place p = {&c->call, c->zone, c->name, c->relative, NULL, NULL};
	struct set set = {0};
	enum dnsproof_rc rc = sets.get(&p, &set);

	if (rc == DNSPROOF_OK)
		txt_report(c, set.values);
	json_decref(set.values);
	return rc;
}

enum dnsproof_rc sets_check(struct dnsproof_check_call *c)
{
	struct place p = {&c->call, c->zone, c->name, NULL, NULL, NULL};

	return place_zone(&p);
}
