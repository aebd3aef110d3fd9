#include "config.h"

#include "host.h"

#include <ctype.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/log.h"
#include "descriptor/required.h"
#include "mask.h"
#include "secret_form.h"
#include "secret_source.h"
#include "http_service.h"

#define EXIT_BY_MODULE 3

static void at_exit(void)
{
	mask_wipe();
	if (!session_calling())
		return;
	log_error("provider %s ended the process by exit() within a call: a fault of the module",
	          session_calling());
	_exit(EXIT_BY_MODULE);
}

/* Two accounts at one service share its locks, whatever their names and credentials are. */
static char *service_of(const struct dnsproof_provider *p, const json_t *options)
{
	struct buf b;

	buf_init(&b, 0);
	buf_add_str(&b, p->name);
	for (const struct dnsproof_option *o = p->options; o && o->key; o++) {
		const char *url =
		    o->flags & DNSPROOF_URL ? json_string_value(json_object_get(options, o->key)) : NULL;

		if (url)
			buf_printf(&b, "\n%s", url);
		while (url && b.len && b.data[b.len - 1] == '/')
			b.data[--b.len] = '\0';
	}
	for (size_t i = 0; i < b.len; i++)
		b.data[i] = (char)tolower((unsigned char)b.data[i]);
	return b.data;
}

bool host_start(struct host *h, struct setup *s, bool with_environment, struct err *e)
{
	const struct folders where = {s->modules, s->descriptors};
	const struct dnsproof_provider *p = &h->provision.table;
	const struct services *web;
	json_t *options;

	*h = (struct host){0};
	atexit(at_exit);
	if (!provision_find(s->provider, &where, &h->provision, e))
		return false;
	if (with_environment && !secret_source_add_environment(&s->options, p->options, e))
		goto fail;
	if (!http_service_start(p, &s->options, s->modules, h->provision.descriptor != NULL, &web, e))
		goto fail;
	options = options_resolve(p->options, p->name, &s->options, e);
	if (options && !secret_forms_ok(p, &s->options, e)) {
		options_free(options);
		options = NULL;
	}
	h->given = s->options;
	s->options = (struct givens){0};
	givens_forget(&h->given);
	if (!options)
		goto fail;
	if (h->provision.descriptor &&
	    !required_complete(p->name, h->provision.descriptor->root, options, e)) {
		options_free(options);
		goto fail;
	}
	h->policy = s->policy;
	s->policy = (struct policy){0};
	h->service = service_of(p, options);
	scopes_begin(&h->scopes, -1, NULL);
	if (session_open(&h->session, p, options, web, h->provision.text, &h->given, e))
		return true;
	scopes_end(&h->scopes);
	free(h->service);
	policy_free(&h->policy);
fail:
	givens_free(&h->given);
	provision_free(&h->provision);
	return false;
}

void host_lock(struct host *h, int lock, const char *locks)
{
	scopes_end(&h->scopes);
	scopes_begin(&h->scopes, lock, h->provision.table.flags & DNSPROOF_STARTS_PROGRAMS ? locks : NULL);
}

void host_stop(struct host *h)
{
	session_close(&h->session);
	provision_free(&h->provision);
	policy_free(&h->policy);
	scopes_end(&h->scopes);
	givens_free(&h->given);
	free(h->service);
	mask_wipe();
}
