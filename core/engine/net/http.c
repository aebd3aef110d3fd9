#include "config.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/buf.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/address.h"
#include "engine/net/addresses.h"
#include "engine/net/http.h"
#include "engine/net/fault.h"
#include "engine/net/header.h"
#include "engine/net/ways.h"
#include "common/url.h"

enum {
	TIMEOUT_MS = 100 * 1000,
	CONNECT_MS = 20 * 1000,
	ANSWER_MS = 30 * 1000, /* from the first octet of an answer to its last */
	BODY_MOST = 1024 * 1024,
	CONNECTIONS_MOST = 16, /* a host; only HTTP/1.1 servers need more than one */
};

enum call_state { CALL_LOOKUP, CALL_TRANSFER, CALL_DONE };

struct http_watch {
	struct http *http;
	struct http_watch *next;
	struct loop_fd *fd;
	curl_socket_t number;
};

struct http_call {
	struct http *http;
	struct http_call *prev, *next;
	enum call_state state;
	http_fn *fn;
	void *arg;
	CURL *easy;
	struct curl_slist *headers, *resolve;
	struct host *host; /* NULL for an address literal */
	char *host_name;
	unsigned port;
	enum http_method method;
	char *url, *content_type, *accept, *body;
	size_t body_len;
	struct loop_timer *deadline;
	unsigned timeout_ms;
	uint64_t ends;
	bool answer_begun;
	char curl_words[CURL_ERROR_SIZE];
	const char *refused; /* why we stopped the transfer, static */
	struct buf received;
	struct http_headers fields;
	char *error;
	bool certificate, maybe_sent;
	int status;
};

struct http_calls {
	struct http_call *first, *last;
};

struct http {
	struct loop *loop;
	CURLM *multi;
	struct ways ways;
	struct loop_timer *timer, *deliver;
	struct http_watch *watches;
	struct addresses *hosts;
	struct http_calls calls, done; /* under way; to be delivered */
	bool *freed;                   /* set while callbacks run */
};

static struct http_calls *list_of(struct http_call *c)
{
	return c->state == CALL_DONE ? &c->http->done : &c->http->calls;
}

static void call_list(struct http_call *c)
{
	struct http_calls *s = list_of(c);

	c->prev = s->last;
	c->next = NULL;
	*(s->last ? &s->last->next : &s->first) = c;
	s->last = c;
}

static void call_unlist(struct http_call *c)
{
	struct http_calls *s = list_of(c);

	*(c->prev ? &c->prev->next : &s->first) = c->next;
	*(c->next ? &c->next->prev : &s->last) = c->prev;
}

static void call_done(struct http_call *c)
{
	call_unlist(c);
	c->state = CALL_DONE;
	call_list(c);
	loop_timer_stop(c->deadline);
	loop_timer_set(c->http->deliver, 0);
}

static void call_fail(struct http_call *c, char *error)
{
	free(c->error);
	c->error = error;
	c->status = 0;
	call_done(c);
}

static void transfer_end(struct http_call *c)
{
	if (!c->easy)
		return;
	curl_multi_remove_handle(c->http->multi, c->easy);
	curl_easy_cleanup(c->easy);
	curl_slist_free_all(c->headers);
	curl_slist_free_all(c->resolve);
	c->easy = NULL;
	c->headers = c->resolve = NULL;
}

static void call_free(struct http_call *c)
{
	call_unlist(c);
	transfer_end(c);
	loop_timer_free(c->deadline);
	buf_free(&c->received);
	http_headers_free(&c->fields);
	free_all(c->host_name, c->url, c->content_type, c->accept, c->body, c->error, c);
}

void http_cancel(struct http_call *c)
{
	call_free(c);
}

/* The call is gone before its owner hears of it: it cannot be cancelled any more. */
static void call_deliver(struct http_call *c)
{
	struct http_headers fields = c->fields;
	struct buf received = c->received;
	char *error = c->error;
	http_fn *fn = c->fn;
	void *arg = c->arg;
	struct http_answer answer = {
	    .status = c->status,
	    .error = error,
	    .certificate = c->certificate,
	    .maybe_sent = c->maybe_sent,
	    .too_large = c->refused != NULL,
	    .body = received.data ? received.data : "",
	    .body_len = received.len,
	    .content_type = fields.value[HEADER_CONTENT_TYPE],
	    .location = fields.value[HEADER_LOCATION],
	    .replay_nonce = fields.value[HEADER_REPLAY_NONCE],
	    .retry_after = fields.value[HEADER_RETRY_AFTER],
	    .date = fields.value[HEADER_DATE],
	    .links = &fields.links,
	};

	memset(&c->received, 0, sizeof(c->received));
	memset(&c->fields, 0, sizeof(c->fields));
	c->error = NULL;
	call_free(c);
	fn(arg, &answer);
	buf_free(&received);
	http_headers_free(&fields);
	free(error);
}

static void on_deliver(void *arg)
{
	struct http *h = arg;
	bool freed = false;

	h->freed = &freed;
	while (h->done.first) {
		call_deliver(h->done.first);
		if (freed)
			return;
	}
	h->freed = NULL;
}

static char *transfer_words(struct http_call *c, CURLcode code)
{
	struct fault f = {
	    .easy = c->easy,
	    .code = code,
	    .host = c->host_name,
	    .port = c->port,
	    .curl_words = c->curl_words,
	    .refused = c->refused,
	    .bundle = c->http->ways.bundle,
	    .connect_s = CONNECT_MS / 1000,
	};
	char *words = fault_words(&f);

	c->certificate = f.certificate;
	return words;
}

static void transfer_failed(struct http_call *c, CURLcode code)
{
	long sent = 0;
	char *words = transfer_words(c, code), *printable = str_printable(words, 600);

	free(words);
	curl_easy_getinfo(c->easy, CURLINFO_REQUEST_SIZE, &sent);
	c->maybe_sent = sent > 0;
	if (sent == 0 && c->host)
		host_forget(c->host);
	transfer_end(c);
	call_fail(c, printable);
}

static void transfer_done(struct http_call *c, CURLcode code)
{
	long status = 0;

	if (code != CURLE_OK) {
		transfer_failed(c, code);
		return;
	}
	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	c->status = (int)status;
	transfer_end(c);
	call_done(c);
}

static void multi_act(struct http *h, curl_socket_t fd, int events)
{
	int running, left;
	CURLMsg *message;

	curl_multi_socket_action(h->multi, fd, events, &running);
	while ((message = curl_multi_info_read(h->multi, &left)) != NULL) {
		struct http_call *c = NULL;
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&c);
		transfer_done(c, code);
	}
}

static void on_timer(void *arg)
{
	multi_act(arg, CURL_SOCKET_TIMEOUT, 0);
}

static void on_ready(void *arg, int ready)
{
	struct http_watch *w = arg;

	multi_act(w->http, w->number,
	          (ready & LOOP_READ ? CURL_CSELECT_IN : 0) | (ready & LOOP_WRITE ? CURL_CSELECT_OUT : 0));
}

static void watch_free(struct http_watch *w)
{
	struct http_watch **at = &w->http->watches;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	loop_fd_free(w->fd);
	free(w);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	struct http *h = arg;
	struct http_watch *w = known;

	if (what == CURL_POLL_REMOVE) {
		curl_multi_assign(h->multi, fd, NULL);
		if (w)
			watch_free(w);
		return 0;
	}
	if (!w) {
		w = xcalloc(1, sizeof(*w));
		w->http = h;
		w->number = fd;
		w->fd = loop_fd_new(h->loop, fd, on_ready, w);
		w->next = h->watches;
		h->watches = w;
		curl_multi_assign(h->multi, fd, w);
	}
	loop_fd_want(w->fd, (what & CURL_POLL_IN ? LOOP_READ : 0) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0));
	return 0;
}

static int on_timeout(CURLM *multi, long ms, void *arg)
{
	struct http *h = arg;

	if (ms < 0)
		loop_timer_stop(h->timer);
	else
		loop_timer_set(h->timer, (uint64_t)ms);
	return 0;
}

/* An answer that has begun must end soon, however long the CA may think before it. */
static void answer_begins(struct http_call *c)
{
	uint64_t now = loop_now(c->http->loop);

	if (c->answer_begun)
		return;
	c->answer_begun = true;
	if (c->ends > now + ANSWER_MS)
		loop_timer_set(c->deadline, ANSWER_MS);
}

static size_t on_header(char *line, size_t size, size_t n, void *arg)
{
	struct http_call *c = arg;

	answer_begins(c);
	if (http_headers_add(&c->fields, line, size * n))
		return size * n;
	c->refused = "the answer's header is too large";
	return 0;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct http_call *c = arg;

	if (buf_add(&c->received, bytes, size * n))
		return size * n;
	c->refused = "the answer is too large";
	return 0;
}

static void on_deadline(void *arg)
{
	struct http_call *c = arg;
	long sent = 0;
	char *words;

	if (c->easy)
		curl_easy_getinfo(c->easy, CURLINFO_REQUEST_SIZE, &sent);
	c->maybe_sent = sent > 0;
	if (c->answer_begun)
		words = xasprintf("%s: the answer did not end in time", c->host_name);
	else
		words = xasprintf("%s: no answer within %u s", c->host_name, (c->timeout_ms + 999) / 1000);
	transfer_end(c);
	call_fail(c, words);
}

static void easy_method(struct http_call *c)
{
	if (c->method == HTTP_HEAD)
		curl_easy_setopt(c->easy, CURLOPT_NOBODY, 1L);
	if (c->method == HTTP_POST) {
		curl_easy_setopt(c->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(c->easy, CURLOPT_POSTFIELDS, c->body);
		curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE, (long)c->body_len);
		c->headers = curl_slist_append(c->headers, "Expect:");
	}
}

static void easy_header(struct http_call *c, const char *name, const char *value)
{
	char *line;

	if (!value)
		return;
	line = xasprintf("%s: %s", name, value);
	c->headers = curl_slist_append(c->headers, line);
	free(line);
}

static const char *call_asked(const struct http_call *c)
{
	return ways_asked(&c->http->ways, c->host_name);
}

/* The addresses of the host, or of the proxy that is asked in its place, that may be connected to; NULL: there is none. New
 * string, commas between them. */
static char *fitting_addresses(const struct http_call *c)
{
	struct strs literal = {0}, fitting = {0};

	if (!c->host)
		strs_add(&literal, call_asked(c));
	ways_fitting(&c->http->ways, c->host ? host_addresses(c->host) : &literal, &fitting);
	char *all = fitting.n ? strs_join(&fitting, ",") : NULL;
	strs_free(&literal);
	strs_free(&fitting);
	return all;
}

static void easy_resolve(struct http_call *c, const char *addresses)
{
	const struct ways *w = &c->http->ways;

	if (!c->host)
		return;
	char *entry = xasprintf("%s:%u:%s", call_asked(c), w->proxy ? w->proxy_port : c->port, addresses);
	c->resolve = curl_slist_append(NULL, entry);
	curl_easy_setopt(c->easy, CURLOPT_RESOLVE, c->resolve);
	free(entry);
}

static void transfer_start(struct http_call *c)
{
	char *addresses = fitting_addresses(c);

	if (!addresses) {
		call_fail(c, xasprintf("%s has no %s address (address_family, source_address)", call_asked(c),
		                       address_family_name(c->http->ways.family)));
		return;
	}
	c->state = CALL_TRANSFER;
	c->easy = curl_easy_init();
	if (!c->easy)
		log_fatal(70, "curl cannot start a transfer");
	curl_easy_setopt(c->easy, CURLOPT_URL, c->url);
	curl_easy_setopt(c->easy, CURLOPT_PRIVATE, c);
	curl_easy_setopt(c->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c->easy, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(c->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(c->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(c->easy, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(c->easy, CURLOPT_USERAGENT, "dnsproof/" PACKAGE_VERSION);
	curl_easy_setopt(c->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->curl_words);
	curl_easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c->easy, CURLOPT_HEADERDATA, c);
	curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, c);
	easy_header(c, "Content-Type", c->content_type);
	easy_header(c, "Accept", c->accept);
	easy_method(c);
	ways_apply(&c->http->ways, c->easy);
	easy_resolve(c, addresses);
	free(addresses);
	curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers);
	if (curl_multi_add_handle(c->http->multi, c->easy) != CURLM_OK)
		log_fatal(70, "curl cannot add a transfer");
}

static void on_host(void *arg, struct host *host, const char *error)
{
	struct http *h = arg;
	struct http_call *c = h->calls.first, *next;

	for (; c; c = next) {
		next = c->next;
		if (c->state != CALL_LOOKUP || c->host != host)
			continue;
		if (error)
			call_fail(c, xasprintf("cannot find the address of %s: %s", call_asked(c), error));
		else
			transfer_start(c);
	}
}

static void call_start(struct http_call *c)
{
	struct http *h = c->http;
	struct sockaddr_storage literal;
	const char *asked;

	if (!url_valid(c->url)) {
		char *shown = str_printable(c->url, 200);

		call_fail(c, xasprintf("%s: not a URL that may be fetched, only plain https:// is", shown));
		free(shown);
		return;
	}
	c->host_name = url_host(c->url, &c->port);
	asked = call_asked(c);
	if (address_parse(asked, &literal)) {
		transfer_start(c);
		return;
	}
	c->host = addresses_get(h->hosts, asked);
	if (host_addresses(c->host)->n > 0)
		transfer_start(c);
}

struct http_call *http_send(struct http *h, const struct http_request *request, http_fn *fn, void *arg)
{
	struct http_call *c = xcalloc(1, sizeof(*c));

	c->http = h;
	c->fn = fn;
	c->arg = arg;
	c->method = request->method;
	c->url = xstrdup(request->url);
	c->content_type = xstrdup(request->content_type);
	c->accept = xstrdup(request->accept);
	c->body = xstrndup(request->body ? request->body : "", request->body_len);
	c->body_len = request->body ? request->body_len : 0;
	buf_init(&c->received, request->most ? request->most : BODY_MOST);
	call_list(c);
	c->timeout_ms = request->timeout_ms ? request->timeout_ms : TIMEOUT_MS;
	c->ends = loop_now(h->loop) + c->timeout_ms;
	c->deadline = loop_timer_new(h->loop, on_deadline, c);
	loop_timer_set(c->deadline, c->timeout_ms);
	call_start(c);
	return c;
}

struct http *http_new(struct loop *l, struct lookup *lookup, const struct http_ways *ways, struct err *e)
{
	struct http *h = xcalloc(1, sizeof(*h));

	if (!ways_read(&h->ways, ways, e)) {
		ways_free(&h->ways);
		free(h);
		return NULL;
	}
	if (curl_global_init(CURL_GLOBAL_SSL) != CURLE_OK)
		log_fatal(70, "curl cannot start");
	h->loop = l;
	h->hosts = addresses_new(l, lookup, on_host, h);
	h->timer = loop_timer_new(l, on_timer, h);
	h->deliver = loop_timer_new(l, on_deliver, h);
	h->multi = curl_multi_init();
	if (!h->multi)
		log_fatal(70, "curl cannot start");
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
	curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS_MOST);
	return h;
}

void http_free(struct http *h)
{
	if (!h)
		return;
	if (h->freed)
		*h->freed = true;
	while (h->calls.first)
		call_free(h->calls.first);
	while (h->done.first)
		call_free(h->done.first);
	curl_multi_cleanup(h->multi);
	while (h->watches)
		watch_free(h->watches);
	addresses_free(h->hosts);
	loop_timer_free(h->timer);
	loop_timer_free(h->deliver);
	ways_free(&h->ways);
	free(h);
	curl_global_cleanup();
}
