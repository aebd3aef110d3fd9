#include "config.h"

#include "account.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the user wrote -> what {option} stands for. */
static json_t *chosen(const json_t *credential, const json_t *given)
{
	const json_t *choices = json_object_get(credential, "choices");
	const char *word = json_string_value(given);
	json_t *stands_for = word ? json_object_get(choices, word) : NULL;

	return choices ? json_incref(stands_for) : json_deep_copy(given);
}

/* A label becomes a part of the host's name: nothing but letters, digits and '-'. */
static bool label_ok(const json_t *credential, const json_t *value)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	const char *kind = json_string_value(json_object_get(credential, "kind"));
	const char *text = json_string_value(value);

	return !kind || strcmp(kind, "label") != 0 || (text && text[strspn(text, set)] == '\0');
}

static bool options_read(struct account *a, const struct dnsproof_call *call)
{
	const json_t *credentials = json_object_get(a->descriptor, "credentials");
	const char *key;
	json_t *given;

	json_object_foreach((json_t *)(uintptr_t)call->options, key, given)
	{
		const json_t *credential = json_object_get(credentials, key);
		json_t *value = chosen(credential, given);

		if (!value) {
			call->host->fail(call, DNSPROOF_INVALID, "option %s: '%.60s' is none of its choices",
			                 key, json_is_string(given) ? json_string_value(given) : "");
			return false;
		}
		json_object_set_new(a->options, key, value);
		if (!label_ok(credential, given)) {
			call->host->fail(call, DNSPROOF_INVALID,
			                 "option %s: letters, digits and '-' only are possible", key);
			return false;
		}
	}
	return true;
}

struct account *account_new(const struct dnsproof_call *call, const char *descriptor)
{
	struct account *a = calloc(1, sizeof(*a));
	json_error_t why;

	if (!a)
		_exit(70);
	a->options = json_object();
	a->kept = json_object();
	a->zones = json_object();
	a->cookies = json_object();
	a->descriptor = descriptor ? json_loads(descriptor, JSON_REJECT_DUPLICATES, &why) : NULL;
	if (!json_is_object(a->descriptor)) {
		call->host->fail(call, DNSPROOF_INVALID, "it was opened without a descriptor: %s",
		                 descriptor ? why.text : "rest is not a provider by itself");
		account_free(a);
		return NULL;
	}
	if (!options_read(a, call)) {
		account_free(a);
		return NULL;
	}
	return a;
}

static void strings_wipe(json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) if (json_is_string(value))
	    explicit_bzero((char *)(uintptr_t)json_string_value(value), json_string_length(value));
}

void account_forget(struct account *a)
{
	json_object_clear(a->kept);
	json_object_clear(a->cookies);
	a->ready = false;
}

void account_free(struct account *a)
{
	if (!a)
		return;
	strings_wipe(a->options);
	strings_wipe(a->kept);
	strings_wipe(a->cookies);
	json_decref(a->options);
	json_decref(a->kept);
	json_decref(a->cookies);
	json_decref(a->zones);
	json_decref(a->descriptor);
	free(a);
}
