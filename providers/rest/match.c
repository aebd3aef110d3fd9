#include "config.h"

#include "match.h"

#include <string.h>
#include <strings.h>

#include "filter.h"
#include "template.h"

static bool is_of_value(const json_t *template)
{
	const char *text = json_string_value(template);

	return text && strstr(text, "{value");
}

const char *match_value_path(const json_t *match)
{
	void *iter = json_object_iter((json_t *)match);

	for (; iter; iter = json_object_iter_next((json_t *)match, iter))
		if (is_of_value(json_object_iter_value(iter)))
			return json_object_iter_key(iter);
	return NULL;
}

/* Base64, or a list of it, joined. */
static const char *decoded(struct run *r, const json_t *value)
{
	const json_t *one;
	struct text t;
	size_t i;

	if (!json_is_array(value)) {
		struct bytes b = template_scalar(r, value);

		return filter_apply(r, "unbase64", NULL, &b) ? b.at : "";
	}
	text_start(&t, &r->arena);
	json_array_foreach(value, i, one) if (!json_is_array(one)) text_str(&t, decoded(r, one));
	return t.at;
}

const char *match_value(struct run *r, const struct answer *a, struct node n, const json_t *match)
{
	const char *path = match_value_path(match);

	if (!path)
		return "";
	if (strstr(json_string_value(json_object_get(match, path)), "|base64}"))
		return decoded(r, path_one(r, a, n, path));
	return match_unquoted(r, path_text(r, a, n, path).at);
}

bool match_has_value(struct run *r, const struct answer *a, struct node n, const json_t *match)
{
	const char *path = match_value_path(match);

	return !path || (*path && path[strlen(path) - 1] == '?') || path_one(r, a, n, path);
}

const char *match_unquoted(struct run *r, const char *text)
{
	struct text t;
	bool inside = false;
	size_t n = strlen(text);

	if (n < 2 || text[0] != '"' || text[n - 1] != '"')
		return text;
	text_start(&t, &r->arena);
	for (const char *c = text; *c; c++) {
		if (*c == '"')
			inside = !inside;
		else if (*c == '\\' && inside && c[1])
			text_add(&t, ++c, 1);
		else if (inside)
			text_add(&t, c, 1);
	}
	return t.at;
}

static bool names_equal(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	if (n > 1 && a[n - 1] == '.')
		n--;
	if (m > 1 && b[m - 1] == '.')
		m--;
	return n == m && !strncasecmp(a, b, n);
}

static bool text_holds(struct run *r, const char *is, const json_t *template)
{
	const char *wanted;

	if (json_is_string(template))
		wanted = template_text(r, json_string_value(template), LAND_PLAIN);
	else
		wanted = template_scalar(r, template).at;
	if (!wanted)
		return false;
	wanted = match_unquoted(r, wanted);
	return is_of_value(template) ? !strcmp(is, wanted) : names_equal(is, wanted);
}

/* Of a list of texts, one is enough. */
static bool line_holds(struct run *r, const struct answer *a, struct node n, const char *path,
                       const json_t *template)
{
	const char *is = match_unquoted(r, path_text(r, a, n, path).at);
	const json_t *one;
	size_t i;

	json_array_foreach(template, i, one) if (text_holds(r, is, one)) return true;
	return !json_is_array(template) && text_holds(r, is, template);
}

bool match_holds(struct run *r, const struct answer *a, struct node n, const json_t *match,
                 bool without_value)
{
	void *iter = json_object_iter((json_t *)match);

	for (; iter; iter = json_object_iter_next((json_t *)match, iter)) {
		const json_t *template = json_object_iter_value(iter);

		if (without_value && is_of_value(template))
			continue;
		if (!line_holds(r, a, n, json_object_iter_key(iter), template))
			return false;
	}
	return true;
}
