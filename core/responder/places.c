#define _GNU_SOURCE
#include "config.h"

#include "responder/places.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/mem.h"
#include "responder/holder.h"

enum { BACKLOG = 128, FIRST_FD = 3, FDS_MOST = 64 };

void places_add(struct places *p, enum place_kind kind, int fd)
{
	p->at = xgrow(p->at, p->n, sizeof(*p->at));
	p->at[p->n++] = (struct place){kind, fd};
}

void places_free(struct places *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->at[i].fd >= 0)
			close(p->at[i].fd);
	free(p->at);
	*p = (struct places){0};
}

static void port_set(struct sockaddr_storage *to, unsigned port)
{
	if (to->ss_family == AF_INET)
		((struct sockaddr_in *)to)->sin_port = htons((uint16_t)port);
	else
		((struct sockaddr_in6 *)to)->sin6_port = htons((uint16_t)port);
}

static unsigned port_of(const struct sockaddr_storage *a)
{
	if (a->ss_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)a)->sin_port);
	return ntohs(((const struct sockaddr_in6 *)a)->sin6_port);
}

bool place_parse(const char *text, unsigned port, struct sockaddr_storage *to)
{
	return address_parse_port(text, port, to);
}

static char *place_address_text(const struct sockaddr_storage *a)
{
	char host[INET6_ADDRSTRLEN];
	const void *from = a->ss_family == AF_INET ? (const void *)&((const struct sockaddr_in *)a)->sin_addr
	                                           : &((const struct sockaddr_in6 *)a)->sin6_addr;

	if (a->ss_family != AF_INET && a->ss_family != AF_INET6)
		return NULL;
	inet_ntop(a->ss_family, from, host, sizeof(host));
	return xasprintf("%s#%u", host, port_of(a));
}

char *place_text(const struct place *p)
{
	struct sockaddr_storage a = {0};
	socklen_t n = sizeof(a);

	return getsockname(p->fd, (struct sockaddr *)&a, &n) < 0 ? NULL : place_address_text(&a);
}

/* 0, or errno. */
static int socket_open(struct places *p, const struct sockaddr_storage *at, enum place_kind kind)
{
	int type = kind == PLACE_TCP ? SOCK_STREAM : SOCK_DGRAM, on = 1, error;
	socklen_t n = at->ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	int fd = socket(at->ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	if (kind == PLACE_TCP)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (at->ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)at, n) == 0 &&
	    (kind == PLACE_UDP || listen(fd, BACKLOG) == 0)) {
		places_add(p, kind, fd);
		return 0;
	}
	error = errno;
	close(fd);
	return error;
}

static int address_open(struct places *p, const struct sockaddr_storage *at)
{
	int error = socket_open(p, at, PLACE_UDP);

	return error ? error : socket_open(p, at, PLACE_TCP);
}

static enum places_end trouble(const struct sockaddr_storage *at, int error, struct err *e)
{
	char *text = place_address_text(at), *holder;

	if (error == EACCES || error == EPERM) {
		err_set(
		    e,
		    "port %u is for root alone: run dnsproof as root, or let systemd open it "
		    "(dnsproof-responder.socket, option socket), or type sysctl "
		    "net.ipv4.ip_unprivileged_port_start=53, or set port to one that a firewall redirects "
		    "port 53 to; see dnsproof-standalone(7)",
		    port_of(at));
	} else if (error == EADDRINUSE) {
		holder = holder_of(port_of(at));
		err_set(e,
		        "%s is in use%s%s; end that program, or set listen to this host's public address, "
		        "or use a responder that runs already (option socket); see dnsproof-standalone(7)",
		        text, holder ? " by " : "", holder ? holder : "");
		free(holder);
	} else {
		err_set(e, "cannot listen at %s: %s; set listen to an address of this host", text,
		        strerror(error));
	}
	free(text);
	return error == EACCES || error == EPERM ? PLACES_FORBIDDEN
	       : error == EADDRINUSE             ? PLACES_TAKEN
	                                         : PLACES_WRONG;
}

static bool family_is_absent(int error)
{
	return error == EAFNOSUPPORT || error == EADDRNOTAVAIL || error == EPROTONOSUPPORT;
}

static bool is_public(const struct ifaddrs *i)
{
	if (!i->ifa_addr || !(i->ifa_flags & IFF_UP) || (i->ifa_flags & IFF_LOOPBACK))
		return false;
	if (i->ifa_addr->sa_family == AF_INET6)
		return !IN6_IS_ADDR_LINKLOCAL(&((struct sockaddr_in6 *)i->ifa_addr)->sin6_addr);
	return i->ifa_addr->sa_family == AF_INET;
}

/* Each address of the interfaces by itself. 0, or the errno of the first that would not. */
static int interfaces_open(struct places *p, unsigned port)
{
	struct ifaddrs *all = NULL;
	int error = 0;

	if (getifaddrs(&all) < 0)
		return errno;
	for (struct ifaddrs *i = all; i && !error; i = i->ifa_next) {
		struct sockaddr_storage at = {0};
		if (!is_public(i))
			continue;
		memcpy(&at, i->ifa_addr,
		       i->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
		                                         : sizeof(struct sockaddr_in6));
		port_set(&at, port);
		error = address_open(p, &at);
	}
	freeifaddrs(all);
	return error ? error : p->n ? 0 : EADDRINUSE;
}

static enum places_end everywhere_open(struct places *p, unsigned port, struct err *e)
{
	static const char *const all[] = {"0.0.0.0", "::"};

	for (size_t i = 0; i < 2; i++) {
		struct sockaddr_storage at;
		place_parse(all[i], port, &at);
		int error = address_open(p, &at);
		if (error == EADDRINUSE) {
			places_free(p);
			if (interfaces_open(p, port) == 0)
				return PLACES_GOOD;
		}
		if (error && !(i > 0 && family_is_absent(error)))
			return trouble(&at, error, e);
	}
	return PLACES_GOOD;
}

enum places_end places_open(struct places *p, const struct strs *listen, unsigned port, struct err *e)
{
	enum places_end end = PLACES_GOOD;
	struct sockaddr_storage at;

	if (!listen->n)
		return everywhere_open(p, port, e);
	for (size_t i = 0; i < listen->n && end == PLACES_GOOD; i++) {
		if (!place_parse(listen->at[i], port, &at)) {
			err_set(e, "listen %s: expected an IP address of this host, ADDRESS or ADDRESS#PORT",
			        listen->at[i]);
			return PLACES_WRONG;
		}
		int error = address_open(p, &at);
		if (error)
			end = trouble(&at, error, e);
	}
	return end;
}

static int socket_option(int fd, int option)
{
	int value = -1;
	socklen_t n = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &n) < 0 ? -1 : value;
}

static bool inherit_one(struct places *p, int fd, struct err *e)
{
	int type = socket_option(fd, SO_TYPE);
	struct sockaddr_storage a = {0};
	socklen_t n = sizeof(a);
	bool internet;

	if (getsockname(fd, (struct sockaddr *)&a, &n) < 0)
		return err_set(e, "descriptor %d of LISTEN_FDS: %s", fd, strerror(errno));
	internet = a.ss_family == AF_INET || a.ss_family == AF_INET6;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (internet && type == SOCK_DGRAM)
		places_add(p, PLACE_UDP, fd);
	else if (internet && type == SOCK_STREAM && socket_option(fd, SO_ACCEPTCONN) == 1)
		places_add(p, PLACE_TCP, fd);
	else if (a.ss_family == AF_UNIX && type == SOCK_STREAM && socket_option(fd, SO_ACCEPTCONN) == 1)
		places_add(p, PLACE_CONTROL, fd);
	else
		return err_set(e, "descriptor %d of LISTEN_FDS is neither a UDP socket nor one that listens",
		               fd);
	return true;
}

bool places_inherit(struct places *p, struct err *e)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	int n = fds ? atoi(fds) : 0;

	if (!pid || atol(pid) != (long)getpid())
		return true;
	if (n < 0 || n > FDS_MOST)
		return err_set(e, "LISTEN_FDS=%s: expected 1 to %d", fds, FDS_MOST);
	for (int i = 0; i < n; i++)
		if (!inherit_one(p, FIRST_FD + i, e))
			return false;
	return true;
}
