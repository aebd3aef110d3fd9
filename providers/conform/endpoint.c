#include "config.h"

#include "endpoint.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/address.h"
#include "common/buf.h"
#include "common/mem.h"
#include "common/str.h"

#define ANSWER_MOST (4 * 1024 * 1024)
#define WAIT_S      20

static bool address_of(const char *url, struct sockaddr_storage *a)
{
	struct sockaddr_in in;

	if (!str_starts(url, "http://") || !address_parse_port(url + 7, 0, a) || a->ss_family != AF_INET)
		return false;
	memcpy(&in, a, sizeof(in));
	return in.sin_port != 0 && ntohl(in.sin_addr.s_addr) >> 24 == 127;
}

static int connect_to(const char *url, struct err *e)
{
	struct timeval wait = {.tv_sec = WAIT_S};
	struct sockaddr_storage a;
	int fd;

	if (!address_of(url, &a)) {
		err_set(e, "control: '%.100s' is not of the form http://127.0.0.1:PORT", url);
		return -1;
	}
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) != 0 ||
	    connect(fd, (struct sockaddr *)&a, sizeof(struct sockaddr_in)) != 0) {
		err_set(e, "%s: %s; is the fake running?", url, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

/* Octets of the whole answer, 0 while that is not known. */
static size_t length_of(const struct buf *answer)
{
	const char *end = answer->len ? strstr(answer->data, "\r\n\r\n") : NULL;
	const char *length = end ? strstr(answer->data, "\r\nContent-Length: ") : NULL;

	return length && length < end ? (size_t)(end + 4 - answer->data) + strtoul(length + 18, NULL, 10) : 0;
}

static bool ask(int fd, const char *path, struct buf *answer)
{
	char *request = xasprintf("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
	char chunk[8192];
	size_t n = strlen(request), whole = 0;
	ssize_t got = send(fd, request, n, MSG_NOSIGNAL);

	free(request);
	if (got != (ssize_t)n)
		return false;
	while ((!whole || answer->len < whole) && (got = read(fd, chunk, sizeof(chunk))) > 0) {
		if (!buf_add(answer, chunk, (size_t)got))
			return false;
		whole = length_of(answer);
	}
	return whole && answer->len == whole;
}

static json_t *body_of(const struct buf *answer, const char *path, struct err *e)
{
	const char *body = strstr(answer->data, "\r\n\r\n");
	json_t *json = body ? json_loads(body + 4, 0, NULL) : NULL;

	if (json_is_object(json) && !strncmp(answer->data + 8, " 200 ", 5))
		return json;
	err_set(e, "%.60s: the control endpoint said: %.300s", path, body ? body + 4 : answer->data);
	json_decref(json);
	return NULL;
}

json_t *endpoint_get(const char *url, const char *path, struct err *e)
{
	static int fd = -1; /* stays open from one question to the next */
	json_t *json = NULL;
	struct buf answer;

	if (fd < 0 && (fd = connect_to(url, e)) < 0)
		return NULL;
	buf_init(&answer, ANSWER_MOST);
	if (ask(fd, path, &answer)) {
		json = body_of(&answer, path, e);
	} else {
		err_set(e, "%s%.60s: no answer", url, path);
		close(fd);
		fd = -1;
	}
	buf_free(&answer);
	return json;
}

char *endpoint_escape(const char *text)
{
	struct buf b;

	buf_init(&b, 0);
	buf_add_str(&b, "");
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
		    strchr("-._~", *c))
			buf_add(&b, c, 1);
		else
			buf_printf(&b, "%%%02X", *c);
	return buf_take(&b);
}
