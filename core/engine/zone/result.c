#include "engine/zone/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/buf.h"
#include "common/mem.h"

#define WARNING_MOST 1024

struct zone_result *zone_result_new(const char *name)
{
	struct zone_result *r = xcalloc(1, sizeof(*r));

	r->name = xstrdup(name);
	return r;
}

static void link_free(struct zone_link *l)
{
	free_all(l->owner, l->target, l->zone);
}

void zone_result_free(struct zone_result *r)
{
	if (r == NULL)
		return;
	zone_result_cut_links(r, 0);
	for (size_t i = 0; i < r->servers; i++)
		free(r->server[i].name);
	free_all(r->server, r->link);
	strs_free(&r->warnings);
	free_all(r->message, r->name, r->owner, r->zone, r);
}

void zone_result_link(struct zone_result *r, enum zone_link_kind kind, const char *owner, const char *target,
                      const char *zone)
{
	struct zone_link *l;

	r->link = xgrow(r->link, r->links, sizeof(*r->link));
	l = &r->link[r->links++];
	*l = (struct zone_link){xstrdup(owner), xstrdup(target), xstrdup(zone), kind};
}

void zone_result_cut_links(struct zone_result *r, size_t links)
{
	while (r->links > links)
		link_free(&r->link[--r->links]);
}

void zone_result_warn(struct zone_result *r, const char *format, ...)
{
	char text[WARNING_MOST];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (!strs_has(&r->warnings, text))
		strs_add(&r->warnings, text);
}

static const char *dotted(const char *name)
{
	return *name != '\0' ? name : ".";
}

static void link_text(const struct zone_link *l, struct buf *b)
{
	static const char *const type[] = {
	    [ZONE_CNAME] = "CNAME",
	    [ZONE_DNAME] = "DNAME leads to",
	    [ZONE_WILDCARD_CNAME] = "CNAME (from a wildcard)",
	};

	buf_printf(b, "  %s %s %s", l->owner, type[l->kind], dotted(l->target));
	if (l->zone != NULL)
		buf_printf(b, " (zone %s)", dotted(l->zone));
}

char *zone_chain_text(const struct zone_result *r)
{
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < r->links; i++) {
		if (i > 0)
			buf_add_str(&b, "\n");
		link_text(&r->link[i], &b);
	}
	return buf_take(&b);
}

void zone_result_fail(struct zone_result *r, enum zone_fault fault, char *what)
{
	char *chain = zone_chain_text(r);

	r->fault = fault;
	free(r->message);
	if (r->links > 0)
		r->message = xasprintf("%s\nthe way there:\n%s", what, chain);
	else
		r->message = xasprintf("%s", what);
	free_all(chain, what);
}
