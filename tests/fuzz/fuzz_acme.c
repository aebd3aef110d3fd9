/* A body and the header fields of a CA. The first line is a header field, the rest the body. */
#include "config.h"

#include "common/url.h"
#include "engine/acme/directory.h"
#include "engine/acme/header_fields.h"
#include "engine/acme/problem.h"
#include "engine/acme/renewal_info.h"
#include "engine/acme/resource.h"
#include "engine/acme/rfc3339.h"
#include "fuzz/fuzz.h"

#define NOW INT64_C(1795255200)

static void field(char *text)
{
	struct strs fields = {&text, 1}, links = {0};
	uint64_t ms = retry_after_ms(text, NOW);

	fuzz_must(ms == 0 || (ms >= 1000 && ms <= UINT64_C(7) * 24 * 3600 * 1000));
	fuzz_must(imf_date_parse(text) >= 0);
	problem_free(clock_problem(NOW, NOW, text));
	rfc3339_parse(text);
	links_alternate(&fields, &links);
	fuzz_must(links.n <= 10);
	for (size_t i = 0; i < links.n; i++)
		fuzz_must(url_valid(links.at[i]));
	strs_free(&links);
}

static void order(const json_t *json)
{
	struct acme_order *o;
	struct err e;

	o = acme_order_parse(json, &e);
	if (!o)
		return;
	fuzz_must((!o->finalize || url_valid(o->finalize)) && (!o->certificate || url_valid(o->certificate)));
	for (size_t i = 0; i < o->authorizations.n; i++)
		fuzz_must(url_valid(o->authorizations.at[i]));
	acme_order_free(o);
}

static void authz(const json_t *json)
{
	struct acme_authz *a;
	struct err e;

	a = acme_authz_parse(json, &e);
	if (!a)
		return;
	fuzz_must(a->name && !strchr(a->name, '*'));
	if (a->has_dns01)
		fuzz_must(url_valid(a->dns01.url) && str_is_b64url(a->dns01.token, 1, 1000));
	acme_authz_free(a);
}

static void directory(const json_t *json)
{
	struct acme_directory *d;
	struct err e;

	d = directory_parse(json, "https://ca.test/dir", &e);
	if (!d)
		return;
	fuzz_must(url_same_host(d->new_order, "https://ca.test/") &&
	          url_same_host(d->new_nonce, "https://ca.test/") &&
	          url_same_host(d->new_account, "https://ca.test/"));
	directory_free(d);
}

static void renewal(const json_t *json)
{
	struct renewal_window w;
	struct err e;

	if (renewal_window_parse(json, NOW, &w, &e))
		fuzz_must(w.start > 0 && w.start < w.end && w.start < NOW &&
		          (!w.explanation || url_valid(w.explanation)));
	renewal_window_clear(&w);
}

static void problem(struct problem *p)
{
	char *text;

	if (!p)
		return;
	text = problem_text(p);
	for (const char *c = text; *c; c++)
		fuzz_must((unsigned char)*c >= ' ' && *c != 0x7f);
	free(text);
	problem_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	const uint8_t *newline = n ? memchr(octets, '\n', n) : NULL;
	size_t line = newline ? (size_t)(newline - octets) : 0;
	char *text = fuzz_text(octets, line), *body;
	json_t *json;

	field(text);
	octets += newline ? line + 1 : 0;
	n -= newline ? line + 1 : 0;
	body = fuzz_text(octets, n);
	json = problem_body_json(body, n);
	problem(problem_parse(400, text, body, n));
	problem(problem_parse(503, "application/problem+json", body, n));
	if (json) {
		order(json);
		authz(json);
		directory(json);
		renewal(json);
		problem(problem_from_json(json, 0));
	}
	json_decref(json);
	free(body);
	free(text);
	return 0;
}
