#include "config.h"

#include "keeper/publication.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/io.h"
#include "common/mem.h"
#include "keeper/alternates.h"
#include "keeper/chain.h"
#include "keeper/live.h"
#include "keeper/publish.h"
#include "keeper/stage.h"
#include "keeper/subject.h"
#include "keeper/succession.h"
#include "keeper/worker.h"

/* A publication waits for the disk, hardly for the processor. It runs in a process of its own rather than as
 * steps on the loop: publish_run stays one straight sequence, which is what a crash at any point is
 * tested against, and the folder's lock (another run's keeper may hold it) blocks this one
 * certificate alone. Two of the same certificate exclude each other by that lock. */
#define CHILDREN_MOST 16
#define WAITING_MOST  1000

struct publication {
	struct publications *home;
	json_t *request;
};

struct publications {
	const struct setup *setup;
	publication_fn *fn;
	void *arg;
	struct workers *workers;
	size_t n;
};

static void publication_free(struct publication *p)
{
	p->home->n--;
	json_decref(p->request);
	free(p);
}

static json_t *result_of(const struct publish *p, bool preferred)
{
	json_t *result =
	    json_pack("{s:s*, s:b, s:I, s:I, s:s, s:s?}", "generation", p->generation, "trial",
	              !p->generation, "not_before", (json_int_t)p->leaf.not_before, "not_after",
	              (json_int_t)p->leaf.not_after, "serial", p->leaf.serial, "ari", p->leaf.ari);
	json_t *extra = json_array();

	for (size_t i = 0; i < p->leaf.names.n; i++)
		if (!strs_has(p->names, p->leaf.names.at[i]))
			json_array_append_new(extra, json_string(p->leaf.names.at[i]));
	if (json_array_size(extra))
		json_object_set(result, "extra", extra);
	if (p->other.leaf.serial)
		json_object_set_new(result, "other",
		                    json_pack("{s:s, s:I, s:b}", "type", p->other.leaf.type, "not_after",
		                              (json_int_t)p->other.leaf.not_after, "new",
		                              p->other.chain != NULL));
	json_decref(extra);
	/* Of two key types the second one's facts stand in its own files alone. */
	if (p->generation && !p->other.type)
		json_object_set_new(result, "facts", live_facts_of(p->cert, p->generation, &p->leaf));
	if (!preferred)
		json_object_set_new(result, "preferred", json_false());
	return result;
}

/* The one that is wanted, where the engine found it. */
static const char *chain_of(const struct publication *of, const char *cert, bool *found)
{
	const char *usual = json_string_value(json_object_get(of->request, "chain"));
	const char *wanted = setup_preferred_chain(of->home->setup, cert);

	*found = true;
	return wanted ? alternates_choose(usual, json_object_get(of->request, "alternates"), wanted, found)
	              : usual;
}

static json_t *publish(const struct publication *of, struct err *e)
{
	const struct setup *setup = of->home->setup;
	const char *account = json_string_value(json_object_get(of->request, "account"));
	const char *cert = json_string_value(json_object_get(of->request, "cert"));
	bool preferred;
	const json_t *other = json_object_get(of->request, "other");
	struct subject s;
	struct publish p = {.chain = chain_of(of, cert, &preferred),
	                    .directory = setup_issuer(setup, account),
	                    .profile = setup_profile(setup, cert),
	                    .state = setup_state(setup),
	                    .now = (int64_t)time(NULL)};
	json_t *result = NULL;
	bool trial = false;

	if (subject_read(&s, setup, of->request, e) && subject_open(&s, setup, e) &&
	    ((trial = setup_is_trial(setup, s.cert, account)) ||
	     succession_allowed(setup, &s.folder, s.cert, p.directory, e))) {
		p.cert = &s.folder;
		p.order = s.order;
		p.type = s.type;
		p.names = &s.names;
		p.other = (struct publish_other){.type = s.other,
		                                 .first = s.other_first,
		                                 .order = json_string_value(json_object_get(other, "order")),
		                                 .chain = json_string_value(json_object_get(other, "chain"))};
		if (trial ? publish_try(&p, e) : publish_run(&p, e))
			result = result_of(&p, preferred);
		else if (p.wrong || p.other.wrong)
			result = json_pack("{s:s, s:b, s:s}", "error", e->text, "wrong", true, "type",
			                   p.wrong ? p.type : p.other.type);
		publish_clear(&p);
	}
	subject_close(&s);
	return result ? result : json_pack("{s:s}", "error", e->text);
}

static void work(const void *arg, int out)
{
	struct err e = {""};
	json_t *result = publish(arg, &e);
	char *text = json_dumps(result, JSON_COMPACT);

	if (text)
		io_write(out, text, strlen(text));
	free(text);
	json_decref(result);
}

static void done(void *arg, const struct buf *text)
{
	struct publication *of = arg;
	struct publications *p = of->home;
	json_t *answer = text->len ? json_loadb(text->data, text->len, 0, NULL) : NULL;

	if (!json_is_object(answer)) {
		json_decref(answer);
		answer = json_pack("{s:s}", "error", "the process that should publish it died");
	}
	p->fn(p->arg, of->request, answer);
	publication_free(of);
}

static void drop(void *arg)
{
	publication_free(arg);
}

struct publications *publications_new(struct loop *l, const struct setup *setup, publication_fn *fn,
                                      void *arg)
{
	struct publications *p = xcalloc(1, sizeof(*p));

	p->setup = setup;
	p->fn = fn;
	p->arg = arg;
	p->workers = workers_new(l, CHILDREN_MOST, drop);
	return p;
}

/* It is new, too: its order, and the chain of the CA. */
static bool other_is_fine(const json_t *other, const struct subject *s, struct err *e)
{
	const char *order = other ? request_text(other, "order", e) : NULL;
	const char *chain = order ? request_text(other, "chain", e) : NULL;

	if (!other)
		return true;
	if (!chain)
		return false;
	return (s->other && stage_tag_ok(order) && strlen(chain) <= CHAIN_TEXT_MOST) ||
	       err_set(e, "the other pair is not one that certificate %s is to have", s->cert);
}

static bool may_begin(const struct publications *p, const json_t *request, struct err *e)
{
	const char *chain = request_text(request, "chain", e);
	struct subject s;
	bool ok;

	if (!chain)
		return false;
	if (strlen(chain) > CHAIN_TEXT_MOST)
		return err_set(e, "the chain is longer than %d octets", CHAIN_TEXT_MOST);
	if (p->n >= WAITING_MOST)
		return err_set(e, "%d certificates are being published already", WAITING_MOST);
	ok =
	    subject_read(&s, p->setup, request, e) && other_is_fine(json_object_get(request, "other"), &s, e);
	subject_close(&s);
	return ok;
}

bool publications_start(struct publications *p, const json_t *request, struct err *e)
{
	struct publication *of;

	if (!may_begin(p, request, e))
		return false;
	of = xcalloc(1, sizeof(*of));
	of->home = p;
	of->request = json_incref((json_t *)request);
	p->n++;
	workers_start(p->workers, work, done, of);
	return true;
}

void publications_free(struct publications *p)
{
	if (!p)
		return;
	workers_free(p->workers, true);
	free(p);
}
