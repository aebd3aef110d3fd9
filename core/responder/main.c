#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/wire.h"
#include "responder/drop.h"
#include "responder/ears.h"
#include "responder/options.h"
#include "responder/tcp.h"
#include "responder/udp.h"

struct responder {
	struct loop *loop;
	struct options options;
	struct places places;
	struct rate *rate;
	struct udp **udp;
	size_t udps;
	struct tcp **tcp;
	size_t tcps;
	struct ears *ears;
	int socket; /* listening, of --socket, or -1 */
};

static bool places_get(struct responder *r, const char **rc, struct err *e)
{
	const struct options *o = &r->options;
	bool dns = false;

	*rc = "invalid";
	if (!places_inherit(&r->places, e))
		return false;
	for (size_t i = 0; i < r->places.n; i++)
		dns |= r->places.at[i].kind != PLACE_CONTROL;
	if (!dns) {
		enum places_end end = places_open(&r->places, &o->listen, o->port, e);
		if (end == PLACES_FORBIDDEN)
			*rc = "auth";
		if (end != PLACES_GOOD)
			return false;
	}
	if (o->socket)
		r->socket = ears_socket(o->socket, o->group, e);
	return !o->socket || r->socket >= 0;
}

static void place_serve(struct responder *r, struct place *p)
{
	const struct options *o = &r->options;

	switch (p->kind) {
	case PLACE_UDP:
		r->udp = xgrow(r->udp, r->udps, sizeof(struct udp *));
		r->udp[r->udps++] = udp_new(r->loop, p->fd, &o->who, r->rate);
		break;
	case PLACE_TCP:
		r->tcp = xgrow(r->tcp, r->tcps, sizeof(struct tcp *));
		r->tcp[r->tcps++] = tcp_new(r->loop, p->fd, &o->who, o->connections, o->idle_s * 1000);
		break;
	case PLACE_CONTROL:
		ears_listen(r->ears, p->fd);
		break;
	}
	p->fd = -1;
}

static void stop(void *arg, int signum)
{
	(void)signum;
	loop_stop(arg);
}

static void run(struct responder *r)
{
	const struct options *o = &r->options;

	r->ears = ears_new(r->loop, &r->options.who, &r->places);
	r->rate = rate_new(o->rate, o->slip);
	for (size_t i = 0; i < r->places.n; i++)
		place_serve(r, &r->places.at[i]);
	if (r->socket >= 0)
		ears_listen(r->ears, r->socket);
	if (o->control >= 0) {
		ears_parent(r->ears, o->control);
	} else {
		loop_on_signal(r->loop, SIGTERM, stop, r->loop);
		loop_on_signal(r->loop, SIGINT, stop, r->loop);
	}
	loop_run(r->loop);
	if (o->socket)
		unlink(o->socket);
}

static void responder_free(struct responder *r)
{
	for (size_t i = 0; i < r->udps; i++)
		udp_free(r->udp[i]);
	for (size_t i = 0; i < r->tcps; i++)
		tcp_free(r->tcp[i]);
	free(r->udp);
	free(r->tcp);
	ears_free(r->ears);
	rate_free(r->rate);
	places_free(&r->places);
	options_free(&r->options);
	loop_free(r->loop);
}

/* To who started us, else to a person. */
static int refuse(int control, const char *rc, const struct err *e)
{
	if (control < 0)
		log_error("%s", e->text);
	else
		wire_write(control,
		           json_pack("{s:i,s:s,s:s}", "protocol", WIRE_PROTOCOL, "rc", rc, "error", e->text));
	return 2;
}

int main(int argc, char **argv)
{
	struct responder r = {.socket = -1};
	const char *rc = "invalid";
	struct err e;
	int code = 0;

	log_open("dnsproof-responder", LOG_INFO);
	drop_dumps();
	signal(SIGPIPE, SIG_IGN);
	if (!options_parse(&r.options, argc, argv, &e)) {
		code = refuse(r.options.control, rc, &e);
	} else if (r.options.help || r.options.version) {
		if (r.options.help)
			options_help();
		else
			puts("dnsproof-responder " PACKAGE_VERSION);
	} else {
		if (r.options.control >= 0)
			io_close_from(r.options.control + 1); /* of whoever started us */
		r.loop = loop_new();
		if (options_table(&r.options, &e) && places_get(&r, &rc, &e) && drop_root(r.options.user, &e))
			run(&r);
		else
			code = refuse(r.options.control, rc, &e);
	}
	responder_free(&r);
	return code;
}
