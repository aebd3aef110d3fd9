#include "config.h"

#include "host.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/log.h"
#include "load.h"
#include "mask.h"
#include "source.h"
#include "web.h"

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

bool host_start(struct host *h, struct setup *s, bool with_environment, struct err *e)
{
	const struct services *web;
	struct dnsproof_provider p;
	json_t *options;

	*h = (struct host){0};
	atexit(at_exit);
	if (!module_load(s->provider, s->modules, &p, e))
		return false;
	if (with_environment && !source_add_environment(&s->options, p.options, e))
		return false;
	if (!web_start(&p, &s->options, s->modules, false, &web, e))
		return false;
	options = options_resolve(p.options, p.name, &s->options, e);
	givens_free(&s->options);
	if (!options)
		return false;
	h->policy = s->policy;
	s->policy = (struct policy){0};
	if (session_open(&h->session, &p, options, web, e))
		return true;
	policy_free(&h->policy);
	return false;
}

void host_stop(struct host *h)
{
	session_close(&h->session);
	policy_free(&h->policy);
	mask_wipe();
}
