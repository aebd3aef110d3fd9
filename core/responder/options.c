#include "config.h"

#include "responder/options.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef bool take_fn(struct options *o, const char *text, struct err *e);

static bool number(const char *name, const char *text, unsigned least, unsigned most, unsigned *to,
                   struct err *e)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!isdigit((unsigned char)*text) || *end || n < least || n > most)
		return err_set(e, "--%s %s: expected %u to %u", name, text, least, most);
	*to = (unsigned)n;
	return true;
}

static bool take_listen(struct options *o, const char *text, struct err *e)
{
	(void)e;
	strs_add(&o->listen, text);
	return true;
}

static bool take_zone(struct options *o, const char *text, struct err *e)
{
	(void)e;
	strs_add(&o->zones, text);
	return true;
}

static bool take_ns(struct options *o, const char *text, struct err *e)
{
	if (o->who.nss == NS_MOST)
		return err_set(e, "--ns: at most %d", NS_MOST);
	if (!name_from_text(&o->who.ns[o->who.nss], text) || !o->who.ns[o->who.nss].labels)
		return err_set(e, "--ns %s: expected the name of a name server", text);
	o->who.nss++;
	return true;
}

static bool take_address(struct options *o, const char *text, struct err *e)
{
	struct authority *w = &o->who;

	if (w->as == OWN_MOST || w->aaaas == OWN_MOST)
		return err_set(e, "--address: at most %d", OWN_MOST);
	if (inet_pton(AF_INET, text, &w->a[w->as]) == 1)
		w->as++;
	else if (inet_pton(AF_INET6, text, &w->aaaa[w->aaaas]) == 1)
		w->aaaas++;
	else
		return err_set(e, "--address %s: expected an IP address", text);
	return true;
}

static bool take_control(struct options *o, const char *text, struct err *e)
{
	unsigned fd;

	if (!number("control", text, 3, 65535, &fd, e))
		return false;
	o->control = (int)fd;
	return true;
}

#define TAKE_TEXT(member)                                                                                    \
	static bool take_##member(struct options *o, const char *text, struct err *e)                        \
	{                                                                                                    \
		o->member = text;                                                                            \
		return *text || err_set(e, "--" #member " is given an empty value");                         \
	}
TAKE_TEXT(socket)
TAKE_TEXT(group)
TAKE_TEXT(user)

#define TAKE_NUMBER(member, option, least, most)                                                             \
	static bool take_##member(struct options *o, const char *text, struct err *e)                        \
	{                                                                                                    \
		return number(option, text, least, most, &o->member, e);                                     \
	}
TAKE_NUMBER(port, "port", 1, 65535)
TAKE_NUMBER(rate, "rate", 0, 1000000)
TAKE_NUMBER(slip, "slip", 1, 100)
TAKE_NUMBER(connections, "connections", 1, 10000)
TAKE_NUMBER(idle_s, "idle", 1, 3600)

static bool take_help(struct options *o, const char *text, struct err *e)
{
	(void)text;
	(void)e;
	return o->help = true;
}

static bool take_version(struct options *o, const char *text, struct err *e)
{
	(void)text;
	(void)e;
	return o->version = true;
}

static const struct {
	const char *name;
	take_fn *take;
	const char *value, *help;
} table[] = {
    {"zone", take_zone, "ZONE",
     "answer for this zone; repeat. Without any, every _acme-challenge name is a zone"},
    {"ns", take_ns, "NAME",
     "name of this server, as the delegation has it (required); repeat for others of the zone"},
    {"address", take_address, "ADDRESS", "public address of the first --ns; repeat"},
    {"listen", take_listen, "ADDR[#PORT]", "answer at this address of the host (all); repeat"},
    {"port", take_port, "PORT", "port of --listen (53)"},
    {"socket", take_socket, "PATH", "take values from provider processes at this UNIX socket"},
    {"group", take_group, "GROUP", "group that may use the UNIX socket"},
    {"user", take_user, "USER", "what root becomes (dnsproof, else nobody)"},
    {"rate", take_rate, "N", "answers a second by UDP for one network, /24 or /56 (500); 0: no limit"},
    {"slip", take_slip, "N", "over it every Nth is told to use TCP, the others hear nothing (1)"},
    {"connections", take_connections, "N", "TCP connections at once (150)"},
    {"idle", take_idle_s, "S", "seconds that a TCP connection may be quiet (10)"},
    {"control", take_control, "FD",
     "descriptor of the process that started this one; the end of it is the end"},
    {"help", take_help, NULL, "this text"},
    {"version", take_version, NULL, "the version"},
};

enum { OPTIONS = sizeof(table) / sizeof(table[0]) };

static bool parse(struct options *o, int argc, char **argv, struct err *e)
{
	struct option longs[OPTIONS + 1] = {{0}};
	int got;

	for (int i = 0; i < OPTIONS; i++)
		longs[i] = (struct option){table[i].name, table[i].value ? required_argument : no_argument,
		                           NULL, 256 + i};
	opterr = 0;
	optind = 1;
	while ((got = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (got < 256)
			return err_set(e, "%s: see dnsproof-responder --help", argv[optind - 1]);
		if (!table[got - 256].take(o, optarg, e))
			return false;
	}
	if (optind < argc)
		return err_set(e, "%s: no option; see dnsproof-responder --help", argv[optind]);
	return o->help || o->version || o->who.nss ||
	       err_set(e, "--ns is missing: the name of this server as the delegation has it");
}

bool options_parse(struct options *o, int argc, char **argv, struct err *e)
{
	*o = (struct options){
	    .port = 53, .rate = 500, .slip = 1, .connections = 150, .idle_s = 10, .control = -1};
	return parse(o, argc, argv, e);
}

void options_free(struct options *o)
{
	strs_free(&o->listen);
	strs_free(&o->zones);
	table_free(o->who.table);
}

void options_help(void)
{
	printf("usage: dnsproof-responder --ns NAME [OPTION]...\n\n"
	       "Answers DNS questions for the zones that _acme-challenge names are delegated to.\n"
	       "The values come from dnsproof's provider `standalone`. See dnsproof-standalone(7).\n\n");
	for (int i = 0; i < OPTIONS; i++) {
		char left[40];
		snprintf(left, sizeof(left), "--%s %s", table[i].name, table[i].value ? table[i].value : "");
		printf("  %-22s %s\n", left, table[i].help);
	}
}

bool options_table(struct options *o, struct err *e)
{
	struct table *t = o->who.table = table_new();
	bool inside = false;
	struct name zone;

	for (size_t i = 0; i < o->zones.n; i++) {
		if (!name_from_text(&zone, o->zones.at[i]))
			return err_set(e, "zone %s: not a name", o->zones.at[i]);
		table_zone(t, &zone);
		inside |= name_within(&o->who.ns[0], &zone);
	}
	if (!inside)
		return true;
	table_own(t, &o->who.ns[0]);
	return o->who.as || o->who.aaaas ||
	       err_set(
	           e,
	           "address is missing: the name of this server is in the zone that it answers for, so that "
	           "it must tell its own address");
}
