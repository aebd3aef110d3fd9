#include "given.h"

#include <string.h>

const char *given_text(const struct dnsproof_call *call, const char *key)
{
	return json_string_value(json_object_get(call->options, key));
}

const char *given_or(const struct dnsproof_call *call, const char *key, const char *standard)
{
	const char *text = given_text(call, key);

	return text ? text : standard;
}

const char *given_base(const struct dnsproof_call *call, const char *key, const char *standard)
{
	const char *text = given_or(call, key, standard);
	size_t n = strlen(text);

	while (n > 0 && text[n - 1] == '/')
		n--;
	return call->host->text(call, "%.*s", (int)n, text);
}

const char *given_path(const struct dnsproof_call *call, const char *text)
{
	return call->host->encode(call, "path", text, strlen(text));
}

const char *given_form(const struct dnsproof_call *call, const char *text)
{
	return call->host->encode(call, "form", text, strlen(text));
}
