#include "acme_world.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/mem.h"
#include "engine/peers/keeper.h"

struct world world;

void world_start(void)
{
	memset(&world, 0, sizeof(world));
	world.loop = loop_new();
	world.rtt_ms = 50;
	world.date = "";
	world.directory_status = 200;
	world.tokens = 10;
	world.tokens_at = loop_now(world.loop);
	srandom(1);
}

struct http_call {
	struct loop_timer *timer;
	enum http_method method;
	char *url, *body;
	http_fn *fn;
	void *arg;
};

static const char good_directory[] =
    "{\"newNonce\":\"https://ca.test/nonce\",\"newAccount\":\"https://ca.test/account\","
    "\"newOrder\":\"https://ca.test/order\",\"meta\":{}}";

static void nonce_give(char text[32])
{
	snprintf(text, 32, "n%u", ++world.nonces_given);
}

static bool nonce_good(const char *body)
{
	unsigned n;

	if (sscanf(body, "n%u ", &n) != 1 || n == 0 || n > world.nonces_given || n >= 40000)
		return false;
	if (world.used[n / 64] >> (n % 64) & 1)
		return false;
	world.used[n / 64] |= 1UL << (n % 64);
	return (unsigned)random() % 100 >= world.refuse_percent;
}

static void directory_answer(struct http_answer *a)
{
	static char date[64];
	time_t now = time(NULL);

	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime(&now));
	if (world.directory_failures > 0) {
		world.directory_failures--;
		a->status = world.directory_failure;
		a->error = a->status ? NULL : "ca.test: nobody there";
		return;
	}
	a->status = world.directory_status;
	a->date = world.date && !*world.date ? date : world.date;
	a->content_type = "application/json";
	a->body = world.directory ? world.directory : good_directory;
}

static bool nonce_limited(void)
{
	uint64_t now = loop_now(world.loop);

	if (world.nonce_failures > 0) {
		world.nonce_failures -= world.nonce_failures != UINT_MAX;
		return true;
	}
	if (!world.nonce_limit)
		return false;
	world.tokens += (double)(now - world.tokens_at) * world.nonce_limit / 1000;
	world.tokens_at = now;
	if (world.tokens > 10)
		world.tokens = 10;
	if (world.tokens < 1)
		return true;
	world.tokens -= 1;
	return false;
}

static void nonce_answer(struct http_answer *a, char nonce[32])
{
	world.heads_at_once--;
	a->status = 200;
	if (nonce_limited()) {
		a->status = 503;
		a->retry_after = world.nonce_retry_after;
		a->content_type = "text/html";
		return;
	}
	nonce_give(nonce);
	a->replay_nonce = nonce;
}

static void post_answer(struct http_answer *a, const char *body, char nonce[32], struct strs *links)
{
	if (world.lose > 0) {
		world.lose--;
		a->error = "ca.test: connection broken: gone";
		a->maybe_sent = !world.lose_before_sending;
		return;
	}
	nonce_give(nonce);
	a->replay_nonce = nonce;
	a->content_type = world.type ? world.type : "application/json";
	if (!nonce_good(body)) {
		world.bad_nonces++;
		a->status = 400;
		a->body = "{\"type\":\"urn:ietf:params:acme:error:badNonce\",\"detail\":\"no\"}";
		a->content_type = "application/problem+json";
		if (world.refuse_without_nonce)
			a->replay_nonce = NULL;
		return;
	}
	if (world.later > 0) {
		world.later--;
		a->status = world.later_status;
		a->content_type = "text/html";
		a->retry_after = world.retry_after;
		return;
	}
	a->status = world.status ? world.status : 200;
	a->body = world.body ? world.body : "{\"ok\":true}";
	a->location = world.location;
	a->retry_after = world.retry_after;
	if (world.link)
		strs_add(links, world.link);
}

static void call_free(struct http_call *c)
{
	loop_timer_free(c->timer);
	free(c->url);
	free(c->body);
	free(c);
}

static void on_time(void *arg)
{
	struct http_call *c = arg;
	struct strs links = {0};
	struct http_answer a = {.body = "", .links = &links};
	char nonce[32];
	http_fn *fn = c->fn;
	void *fn_arg = c->arg;

	if (c->method == HTTP_GET)
		directory_answer(&a);
	else if (c->method == HTTP_HEAD)
		nonce_answer(&a, nonce);
	else
		post_answer(&a, c->body, nonce, &links);
	a.body_len = strlen(a.body);
	call_free(c);
	fn(fn_arg, &a);
	strs_free(&links);
}

struct http_call *http_send(struct http *h, const struct http_request *request, http_fn *fn, void *arg)
{
	struct http_call *c = xcalloc(1, sizeof(*c));

	c->timer = loop_timer_new(world.loop, on_time, c);
	c->method = request->method;
	c->url = xstrdup(request->url);
	c->body = request->body ? xstrndup(request->body, request->body_len) : xstrdup("");
	c->fn = fn;
	c->arg = arg;
	world.gets += c->method == HTTP_GET;
	world.posts += c->method == HTTP_POST;
	if (c->method == HTTP_HEAD) {
		world.heads++;
		if (++world.heads_at_once > world.heads_at_once_most)
			world.heads_at_once_most = world.heads_at_once;
	}
	loop_timer_set(c->timer, world.rtt_ms);
	return c;
}

void http_cancel(struct http_call *c)
{
	world.heads_at_once -= c->method == HTTP_HEAD;
	call_free(c);
}

/* The keeper: a "signature" is nonce, URL and payload. */

struct keeper_call {
	struct loop_timer *timer;
	json_t *request;
	keeper_fn *fn;
	void *arg;
};

static void sign_call_free(struct keeper_call *c)
{
	loop_timer_free(c->timer);
	json_decref(c->request);
	free(c);
}

static const char *member(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void on_sign(void *arg)
{
	struct keeper_call *c = arg;
	json_t *answer = json_object();
	keeper_fn *fn = c->fn;
	void *fn_arg = c->arg;

	snprintf(world.last_kid, sizeof(world.last_kid), "%s", member(c->request, "kid"));
	snprintf(world.last_payload, sizeof(world.last_payload), "%s", member(c->request, "payload"));
	json_object_set_new(answer, "jws",
	                    json_sprintf("%s %s %s", member(c->request, "nonce"), member(c->request, "url"),
	                                 member(c->request, "payload")));
	sign_call_free(c);
	fn(fn_arg, world.keeper_error ? NULL : answer, world.keeper_error);
	json_decref(answer);
}

struct keeper_call *keeper_send(struct keeper *s, json_t *request, keeper_fn *fn, void *arg)
{
	struct keeper_call *c = xcalloc(1, sizeof(*c));

	c->timer = loop_timer_new(world.loop, on_sign, c);
	c->request = request;
	c->fn = fn;
	c->arg = arg;
	loop_timer_set(c->timer, 0);
	return c;
}

void keeper_cancel(struct keeper_call *c)
{
	sign_call_free(c);
}
