#include "config.h"

#include "launcher/configuration/yaml_text.h"

#include <ctype.h>
#include <string.h>

#include "common/buf.h"
#include "common/str.h"

/* Text that means itself without quotes, in a list of one line too. */
static bool is_plain(const char *text)
{
	if (!isalnum((unsigned char)*text) && *text != '/' && *text != '_' && *text != '.')
		return false;
	for (const char *c = text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._/@%+=-", *c) &&
		    !(*c == ':' && isalnum((unsigned char)c[1])) && !(*c == ':' && c[1] == '/'))
			return false;
	return true;
}

static void add_text(struct buf *b, const char *text)
{
	if (is_plain(text)) {
		buf_add_str(b, text);
		return;
	}
	buf_add_str(b, "'");
	for (; *text; text++)
		buf_add(b, *text == '\'' ? "''" : text, *text == '\'' ? 2 : 1);
	buf_add_str(b, "'");
}

static void add_words(struct buf *b, const json_t *list)
{
	struct buf words;
	const json_t *one;
	size_t i;
	buf_init(&words, 0);
	json_array_foreach((json_t *)list, i, one)
	    buf_printf(&words, "%s%s", i ? " " : "", json_string_value(one));
	if (words.len && *words.data == '*')
		add_text(b, words.data);
	else if (words.len)
		buf_add(b, words.data, words.len);
	buf_free(&words);
}

static void add(struct buf *b, const json_t *v)
{
	const json_t *one;
	json_t *member;
	const char *key;
	size_t i, n = 0;
	if (json_is_string(v)) {
		add_text(b, json_string_value(v));
	} else if (json_is_integer(v)) {
		buf_printf(b, "%lld", (long long)json_integer_value(v));
	} else if (json_is_array(v)) {
		buf_add_str(b, "[");
		json_array_foreach((json_t *)v, i, one)
		{
			buf_add_str(b, i ? ", " : "");
			add(b, one);
		}
		buf_add_str(b, "]");
	} else if (json_is_object(v)) {
		buf_add_str(b, "{");
		json_object_foreach((json_t *)v, key, member)
		{
			buf_printf(b, "%s%s: ", n++ ? ", " : "", key);
			add(b, member);
		}
		buf_add_str(b, "}");
	} else {
		buf_add_str(b, json_is_null(v) ? "none" : json_is_true(v) ? "yes" : "no");
	}
}

char *yaml_text(const json_t *v, bool words)
{
	struct buf b;
	buf_init(&b, 0);
	if (words && json_is_array(v))
		add_words(&b, v);
	else
		add(&b, v);
	return buf_take(&b);
}
