#include "config.h"

#include "outgoing.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "body.h"
#include "template.h"

static bool has_body(const json_t *step)
{
	static const char *const kinds[] = {"json", "form", "multipart", "text", "xml"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (json_object_get(step, kinds[i]))
			return true;
	return false;
}

static bool may_have_body(const char *method)
{
	return !strcmp(method, "POST") || !strcmp(method, "PUT") || !strcmp(method, "PATCH");
}

/* Adds the members of another map to the JSON body, first if `before`. */
static bool json_merge(struct run *r, struct outgoing *o, const json_t *written)
{
	json_t *made;
	bool ok;

	if (!written)
		return true;
	made = body_json(r, written);
	if (!made)
		return false;
	ok = json_is_object(o->json) && json_object_update(o->json, made) == 0;
	json_decref(made);
	return ok ||
	       run_fail(r, DNSPROOF_INVALID, "descriptor: json is added to a body that is not a map") == 0;
}

static bool json_start(struct run *r, const json_t *step, const json_t *always, struct outgoing *o)
{
	const json_t *written = json_object_get(step, "json"), *common = json_object_get(always, "json");
	json_t *made;

	if (!written && (!common || has_body(step) || !may_have_body(o->target.method)))
		return true;
	if (json_is_array(written) || json_is_string(written)) {
		made = body_json(r, written);
		o->json = made ? run_keep(r, made) : NULL;
		return made != NULL;
	}
	o->json = run_keep(r, json_object());
	return json_merge(r, o, common) && json_merge(r, o, written);
}

static const char *multipart(struct run *r, const struct pairs *parts, const char **type)
{
	const char *boundary = json_string_value(run_get(r, "random"));
	struct text t;

	text_start(&t, &r->arena);
	for (size_t i = 0; i < parts->n; i++) {
		text_str(&t, arena_printf(&r->arena,
		                          "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n",
		                          boundary, parts->at[i].name));
		text_str(&t, parts->at[i].value ? parts->at[i].value : "");
		text_str(&t, "\r\n");
	}
	text_str(&t, arena_printf(&r->arena, "--%s--\r\n", boundary));
	*type = arena_printf(&r->arena, "multipart/form-data; boundary=%s", boundary);
	return t.at;
}

static bool json_render(struct run *r, struct outgoing *o)
{
	char *text = json_dumps(o->json, JSON_COMPACT | JSON_ENCODE_ANY);

	if (!text)
		return false;
	o->body = arena_copy(&r->arena, text, strlen(text));
	explicit_bzero(text, strlen(text));
	free(text);
	o->content_type = "application/json";
	return true;
}

static bool text_start_body(struct run *r, const json_t *step, struct outgoing *o)
{
	const char *text = json_string_value(json_object_get(step, "text"));
	const char *xml = json_string_value(json_object_get(step, "xml"));

	if (text)
		o->body = template_text(r, text, LAND_PLAIN);
	if (xml)
		o->body = template_text(r, xml, LAND_XML);
	if (text || xml)
		o->content_type = xml ? "application/xml" : "text/plain; charset=utf-8";
	return (!text && !xml) || o->body;
}

static bool form_start(struct run *r, const json_t *step, const json_t *always, struct outgoing *o)
{
	const json_t *form = json_object_get(step, "form"), *parts = json_object_get(step, "multipart");
	const json_t *common = json_object_get(always, "form");

	if (!form && !parts && (!common || has_body(step) || !may_have_body(o->target.method)))
		return true;
	o->content_type = "application/x-www-form-urlencoded";
	return pairs_expand(r, &o->form, common, false) &&
	       pairs_expand(r, &o->form, form ? form : parts, false);
}

static bool body_render(struct run *r, const json_t *step, struct outgoing *o)
{
	if (o->json && !json_render(r, o))
		return false;
	if (json_object_get(step, "multipart"))
		o->body = multipart(r, &o->form, &o->content_type);
	else if (o->content_type && o->form.n)
		o->body = pairs_join(r, &o->form, "form");
	o->body_len = o->body ? strlen(o->body) : 0;
	return true;
}

static void url_render(struct run *r, struct outgoing *o)
{
	const char *query = pairs_join(r, &o->query, "path");
	bool more = strchr(o->target.path, '?') != NULL; /* another page's own query */

	o->url = arena_printf(&r->arena, "%s%s%s%s", o->target.origin, o->target.path,
	                      !*query ? ""
	                      : more  ? "&"
	                              : "?",
	                      query);
}

static void sorted_set(struct run *r, const struct outgoing *o)
{
	struct pairs all = {0}, query = pairs_sorted(r, &o->query), form = pairs_sorted(r, &o->form);

	for (size_t i = 0; i < o->query.n; i++)
		pairs_add(r, &all, o->query.at[i].name, o->query.at[i].value);
	for (size_t i = 0; i < o->form.n; i++)
		pairs_add(r, &all, o->form.at[i].name, o->form.at[i].value);
	all = pairs_sorted(r, &all);
	run_set_text(r, "sorted_query", pairs_join(r, &query, "path"));
	run_set_text(r, "sorted_form", pairs_join(r, &form, "path"));
	run_set_text(r, "sorted_text", pairs_plain(r, &all, "=", "&"));
	run_set_text(r, "sorted_plain", pairs_plain(r, &all, "", ""));
}

/* Makes variables of a map of templates, in their order. */
static bool variables_make(struct run *r, const json_t *map)
{
	void *iter = json_object_iter((json_t *)(uintptr_t)map);

	for (; iter; iter = json_object_iter_next((json_t *)(uintptr_t)map, iter)) {
		char *text = template_text(r, json_string_value(json_object_iter_value(iter)), LAND_PLAIN);

		if (!text)
			return false;
		run_set_text(r, json_object_iter_key(iter), text);
	}
	return true;
}

/* The variables that a signature is made of, then those of `sign`. */
static bool sign(struct run *r, const struct outgoing *o)
{
	const json_t *sign = run_descriptor(r, "sign");

	if (!sign)
		return true;
	run_set_text(r, "method", o->target.method);
	run_set_text(r, "url", o->url);
	run_set_text(r, "host", o->target.host);
	run_set_text(r, "path", arena_copy(&r->arena, o->target.path, strcspn(o->target.path, "?")));
	run_set_text(r, "query", pairs_join(r, &o->query, "path"));
	run_set_text(r, "body", o->body ? o->body : "");
	sorted_set(r, o);
	return variables_make(r, sign);
}

/* 0, or the failure's code. */
static int authenticate(struct run *r, const json_t *step, struct outgoing *o)
{
	const json_t *chosen, *json;
	bool wanted;

	if (json_is_false(json_object_get(step, "authenticated")))
		return 0;
	chosen = auth_choose(r, &wanted);
	if (!chosen)
		return wanted && r->account->ready ? auth_missing(r) : 0;
	if (!auth_apply(r, chosen, &o->header, &o->query, o->json ? NULL : &o->form))
		return DNSPROOF_INVALID;
	json = json_object_get(chosen, "json");
	if (json && !o->json && !has_body(step) && may_have_body(o->target.method))
		o->json = run_keep(r, json_object());
	if (json && o->json && !json_merge(r, o, json))
		return DNSPROOF_INVALID;
	if (json_object_get(chosen, "form") && !o->content_type)
		o->content_type = "application/x-www-form-urlencoded";
	return 0;
}

static void content_type_set(struct run *r, const json_t *step, struct outgoing *o)
{
	const char *type = json_string_value(json_object_get(step, "content_type"));

	if (type && o->body)
		o->content_type = type;
	if (!o->body)
		o->content_type = NULL;
}

static bool parts_make(struct run *r, const json_t *step, const json_t *always, struct outgoing *o)
{
	return pairs_expand(r, &o->header, json_object_get(always, "header"), true) &&
	       pairs_expand(r, &o->header, json_object_get(step, "header"), true) &&
	       text_start_body(r, step, o) && form_start(r, step, always, o) &&
	       json_start(r, step, always, o) && body_render(r, step, o);
}

int outgoing_make(struct run *r, const json_t *step, const char *next, const struct pairs *extra,
                  struct outgoing *o)
{
	const json_t *always = run_descriptor(r, "always");
	int rc;

	*o = (struct outgoing){0};
	run_refresh(r);
	if (!variables_make(r, run_descriptor(r, "make")) ||
	    !target_make(r, json_string_value(json_object_get(step, "request")), &o->target))
		return DNSPROOF_INVALID;
	if (next) {
		if (!target_next(r, next, &o->target))
			return DNSPROOF_TEMP;
	} else {
		if (!pairs_expand(r, &o->query, json_object_get(always, "query"), false))
			return DNSPROOF_INVALID;
		for (size_t i = 0; i < o->target.query.n; i++)
			pairs_add(r, &o->query, o->target.query.at[i].name, o->target.query.at[i].value);
		if (!pairs_expand(r, &o->query, json_object_get(step, "query"), false))
			return DNSPROOF_INVALID;
		for (size_t i = 0; extra && i < extra->n; i++)
			pairs_set(r, &o->query, extra->at[i].name, extra->at[i].value);
	}
	if (!parts_make(r, step, always, o))
		return DNSPROOF_INVALID;
	url_render(r, o);
	if (!sign(r, o))
		return DNSPROOF_INVALID;
	rc = authenticate(r, step, o);
	if (rc || !body_render(r, step, o))
		return rc ? rc : DNSPROOF_INVALID;
	url_render(r, o);
	content_type_set(r, step, o);
	return 0;
}
