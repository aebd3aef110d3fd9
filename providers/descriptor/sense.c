#include "config.h"

#include "sense.h"

#include <string.h>

#include "common/str.h"
#include "required.h"

static const json_t *member(const json_t *root, const char *a, const char *b)
{
	return json_object_get(json_object_get(root, a), b);
}

/* A record is found by its exact value. */
static bool find_check(const struct descriptor *d, struct err *e)
{
	const json_t *find = json_object_get(d->root, "find"), *delete = json_object_get(d->root, "delete");
	const json_t *capture = json_object_get(find, "capture");
	void *iter = json_object_iter((json_t *)capture);

	if (!required_mentions(json_object_get(find, "match"), "value"))
		return descriptor_wrong(
		    d, "/find", e, "find: match does not hold {value}; expected to find by the exact value");
	if (required_mentions(delete, "value"))
		return true;
	for (; iter; iter = json_object_iter_next((json_t *)capture, iter))
		if (required_mentions(delete, json_object_iter_key(iter)))
			return true;
	return descriptor_wrong(
	    d, "/delete", e,
	    "delete: uses nothing of what find captures, nor {value}; it would delete by name");
}

static bool record_check(const struct descriptor *d, struct err *e)
{
	const json_t *root = d->root, *delete = json_object_get(root, "delete");

	if (!json_object_get(root, "add"))
		return descriptor_wrong(d, "", e, "lacks add, rrset or whole_zone");
	if (!delete)
		return descriptor_wrong(d, "/add", e, "add without delete");
	if (json_is_false(member(root, "add", "look_first")) && !member(root, "means", "exists") &&
	    !json_object_get(member(root, "add", "means"), "exists"))
		return descriptor_wrong(
		    d, "/add/look_first", e,
		    "look_first: false, expected means: {exists: ...}, which tells the API's "
		    "answer to a double");
	if (json_is_string(delete))
		return true;
	if (json_object_get(root, "find"))
		return find_check(d, e);
	if (required_mentions(delete, "value") ||
	    json_integer_value(member(root, "limits", "most_values")) == 1)
		return true;
	return descriptor_wrong(
	    d, "/delete", e,
	    "delete: without {value} it deletes by name, and by an id that is lost with the "
	    "handle; expected a find");
}

static bool set_check(const struct descriptor *d, const char *key, struct err *e)
{
	const json_t *set = json_object_get(d->root, key);
	const char *const writes[] = {"create", "replace"};
	char pointer[40];

	if (!strcmp(key, "whole_zone") && !json_object_get(set, "where"))
		return descriptor_wrong(d, "/whole_zone", e,
		                        "lacks where: which elements are the TXT records of the name");
	for (size_t i = 0; i < 2; i++) {
		const json_t *step = json_object_get(set, writes[i]);

		if (!step || required_mentions(step, "items") || required_mentions(step, "item"))
			continue;
		snprintf(pointer, sizeof(pointer), "/%s/%s", key, writes[i]);
		if (!strcmp(writes[i], "create") && required_mentions(step, "value"))
			continue;
		return descriptor_wrong(d, pointer, e, "%s: does not hold {items}; others would be lost",
		                        writes[i]);
	}
	return true;
}

static bool credentials_check(const struct descriptor *d, struct err *e)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	static const char *const reserved[] = {
	    "provider",  "via",   "zones",          "targets",        "servers", "ttl",
	    "ca_bundle", "proxy", "source_address", "address_family", "name",    "zone",
	    "value",     "sub",   "relative",       "item",           "items",   "answer",
	    "page"};
	json_t *credentials = json_object_get(d->root, "credentials"), *credential;
	const char *key;

	json_object_foreach(credentials, key, credential)
	{
		if (!*key || strlen(key) > 64 || key[strspn(key, set)])
			return descriptor_wrong(d, "/credentials", e,
			                        "%.40s: expected lower-case letters, digits and _", key);
		for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
			if (!strcmp(key, reserved[i]))
				return descriptor_wrong(d, "/credentials", e, "%s: this name is reserved",
				                        key);
	}
	return true;
}

bool sense_check(const struct descriptor *d, struct err *e)
{
	bool record = json_object_get(d->root, "add") || json_object_get(d->root, "delete");
	bool rrset = json_object_get(d->root, "rrset"), zone = json_object_get(d->root, "whole_zone");

	if (record + rrset + zone > 1)
		return descriptor_wrong(d, "", e, "expected only one of add, rrset and whole_zone");
	if (!credentials_check(d, e))
		return false;
	if (rrset || zone)
		return set_check(d, rrset ? "rrset" : "whole_zone", e);
	return record_check(d, e);
}
