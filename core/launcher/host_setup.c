#include "config.h"

#include "launcher/host_setup.h"

#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/child.h"
#include "launcher/lines.h"
#include "launcher/provider_options.h"

#define DOCUMENT_FD 3

static bool add_secret(struct host_setup *s, json_t *options, const char *key, const char *source,
                       bool readable, struct err *e)
{
	if (s->secrets_n == HOST_SETUP_SECRETS)
		return err_set(e, "more than %d options with a secret", HOST_SETUP_SECRETS);
	struct secret *secret = &s->secrets[s->secrets_n];
	if (!secret_open(source, readable, secret, e))
		return err_prefix(e, "option %s", key);
	s->secrets_n++;
	secret_masks(secret, &s->masks);
	json_t *v;
	if (secret->fd >= 0) {
		v = json_pack("{s:i, s:s}", "fd", (int)s->n, "source", source);
		s->fds[s->n++] = secret->fd;
	} else {
		v = json_pack("{s:s, s:s}", "secret", secret->value, "source", source);
	}
	if (!v)
		return err_set(e, "option %s: the value of %s is not UTF-8", key, source);
	json_object_set_new(options, key, v);
	return true;
}

static bool add_options(struct host_setup *s, json_t *options, const struct dns_account *a, struct err *e)
{
	bool readable = spec_yes(a->settings, KEY_ALLOW_READABLE);
	const char *key;
	json_t *v;
	json_object_foreach(dns_account_set(a), key, v)
	{
		if (!secret_is_source(json_string_value(v)))
			json_object_set_new(options, key, json_pack("{s:O}", "value", v));
		else if (!add_secret(s, options, key, json_string_value(v), readable, e))
			return false;
	}
	return true;
}

static void add_list(struct buf *b, const char *member, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i += LINES_LIST)
		lines_add(b, json_pack("{s:o}", member, lines_part(list, i)));
}

static bool make_document(struct host_setup *s, const struct dns_account *a, json_t *head, struct err *e)
{
	struct buf b;
	buf_init(&b, 0);
	lines_add(&b, head);
	add_list(&b, "zones", spec_list(a->settings, KEY_ZONE));
	add_list(&b, "targets", spec_list(a->settings, KEY_CNAME_TARGET));
	s->fds[DOCUMENT_FD] = child_document(b.data, e);
	buf_wipe(&b);
	return s->fds[DOCUMENT_FD] >= 0;
}

bool host_setup_make(struct host_setup *s, const struct dns_account *a, unsigned verbose, struct err *e)
{
	json_t *options = json_object();
	json_t *head = json_pack("{s:s, s:s, s:s?, s:s?, s:o, s:i}", "account", a->name, "provider",
	                         a->provider, "modules", provider_options_modules(), "descriptors",
	                         provider_options_descriptors(), "options", options, "verbose", (int)verbose);
	*s = (struct host_setup){.n = HOST_SETUP_FIRST, .fds = {-1, -1, -1, -1}};
	if (!add_options(s, options, a, e)) {
		json_decref(head);
		return false;
	}
	s->go = s->n++;
	json_object_set_new(head, "go", json_integer((json_int_t)s->go));
	return make_document(s, a, head, e);
}

void host_setup_free(struct host_setup *s)
{
	for (size_t i = 0; i < s->secrets_n; i++)
		secret_close(&s->secrets[i]);
	secret_masks_free(&s->masks);
	if (s->n && s->fds[DOCUMENT_FD] >= 0)
		close(s->fds[DOCUMENT_FD]);
	*s = (struct host_setup){0};
}
