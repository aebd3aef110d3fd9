#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "engine/acme/directory.h"
#include "common/url.h"

enum { LIST_MOST = 50, WORD_MOST = 253, PROFILE_TEXT_MOST = 200 };

static char *optional_url(const json_t *json, const char *key)
{
	const char *url = json_string_value(json_object_get(json, key));

	return url && url_valid(url) ? xstrdup(url) : NULL;
}

static bool needed_url(const json_t *json, const char *key, const char *directory, char **url, struct err *e)
{
	char *ours, *theirs;

	*url = optional_url(json, key);
	if (!*url)
		return err_set(e, "%s: no ACME directory (no https URL in %s)", directory, key);
	if (url_same_host(*url, directory))
		return true;
	ours = url_authority(directory);
	theirs = url_authority(*url);
	err_set(e, "%s: %s is on another host, %s; only %s is used", directory, key, theirs, ours);
	free_all(ours, theirs);
	return false;
}

/* Words without spaces or control characters; others are left out. */
static bool word_add(struct strs *list, const char *word)
{
	size_t n = word ? strlen(word) : 0;

	if (n == 0 || n > WORD_MOST || list->n >= LIST_MOST)
		return false;
	for (size_t i = 0; i < n; i++)
		if (word[i] <= ' ' || word[i] > '~')
			return false;
	strs_add(list, word);
	return true;
}

static void profile_add(struct acme_directory *d, const char *name, const json_t *said)
{
	const char *text = json_string_value(said);

	if (!word_add(&d->profiles, name))
		return;
	char *shown = str_printable(text ? text : "", PROFILE_TEXT_MOST);

	strs_add(&d->profile_texts, shown);
	free(shown);
}

char *directory_profiles_text(const struct acme_directory *d)
{
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < d->profiles.n; i++)
		buf_printf(&b, "\n  %s%s%s", d->profiles.at[i], *d->profile_texts.at[i] ? ": " : "",
		           d->profile_texts.at[i]);
	return buf_take(&b);
}

static void meta_read(struct acme_directory *d, const json_t *meta)
{
	json_t *profiles = json_object_get(meta, "profiles"), *value;
	const char *terms = json_string_value(json_object_get(meta, "termsOfService")), *key;
	size_t i;

	if (terms)
		d->terms_of_service = str_printable(terms, URL_MOST);
	d->external_account_required = json_is_true(json_object_get(meta, "externalAccountRequired"));
	json_array_foreach(json_object_get(meta, "caaIdentities"), i, value)
	    word_add(&d->caa_identities, json_string_value(value));
	json_object_foreach(profiles, key, value) profile_add(d, key, value);
}

struct acme_directory *directory_parse(const json_t *json, const char *url, struct err *e)
{
	struct acme_directory *d = xcalloc(1, sizeof(*d));

	if (!needed_url(json, "newNonce", url, &d->new_nonce, e) ||
	    !needed_url(json, "newAccount", url, &d->new_account, e) ||
	    !needed_url(json, "newOrder", url, &d->new_order, e)) {
		directory_free(d);
		return NULL;
	}
	d->revoke_cert = optional_url(json, "revokeCert");
	d->key_change = optional_url(json, "keyChange");
	d->renewal_info = optional_url(json, "renewalInfo");
	meta_read(d, json_object_get(json, "meta"));
	return d;
}

void directory_free(struct acme_directory *d)
{
	if (!d)
		return;
	free_all(d->new_nonce, d->new_account, d->new_order, d->revoke_cert, d->key_change, d->renewal_info,
	         d->terms_of_service);
	strs_free(&d->caa_identities);
	strs_free(&d->profiles);
	strs_free(&d->profile_texts);
	free(d);
}
