#include "config.h"

#include "keeper_side.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "common/wire.h"

void keeper_start(struct keeper *k)
{
	char *setup = xasprintf(
	    "{\"state\":\"%s\",\"command\":\"issue\"}\n"
	    "{\"account\":{\"name\":\"ca\",\"directory\":\"https://ca.test:14000/dir\",\"eab_kid\":\"kid-1\","
	    "\"eab_key\":\"zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W\"}}\n"
	    "{\"account\":{\"name\":\"plain\",\"directory\":\"https://other.test/dir\"}}\n"
	    "{\"account\":{\"name\":\"staging\",\"directory\":\"https://staging.test/dir\",\"test\":true}}\n"
	    "{\"cert\":{\"id\":\"web.test\",\"names\":[\"web.test\",\"*.web.test\"],"
	    "\"types\":[\"p256\",\"rsa4096\"]}}\n"
	    "{\"cert\":{\"id\":\"p384.test\",\"names\":[\"web.test\",\"*.web.test\"],\"types\":[\"p384\"]}}\n"
	    "{\"cert\":{\"id\":\"rsa.test\",\"names\":[\"web.test\",\"*.web.test\"],\"types\":[\"rsa2048\"]}}"
	    "\n"
	    "{\"cert\":{\"id\":\"b.test\",\"names\":[\"web.test\",\"*.web.test\"],\"types\":[\"p256\"],"
	    "\"replace_trusted\":true}}\n"
	    "{\"cert\":{\"id\":\"named.test\",\"names\":[\"web.test\",\"*.web.test\"],\"types\":[\"p256\"],"
	    "\"common_name\":\"web.test\"}}\n"
	    "{\"cert\":{\"id\":\"foreign.test\",\"names\":[\"foreign.test\"],\"types\":[\"p256\"],"
	    "\"common_name\":\"web.test\"}}\n",
	    k->state);
	int pair[2], doc[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	assert_int_equal(pipe2(doc, O_CLOEXEC), 0);
	k->pid = fork();
	if (k->pid == 0) {
		int a = fcntl(pair[1], F_DUPFD_CLOEXEC, 20), b = fcntl(doc[0], F_DUPFD_CLOEXEC, 20);

		dup2(a, 3);
		dup2(b, 4);
		execl("./dnsproof-keeper", "dnsproof-keeper", (char *)NULL);
		_exit(127);
	}
	close(pair[1]);
	close(doc[0]);
	assert_int_equal(write(doc[1], setup, strlen(setup)), (ssize_t)strlen(setup));
	close(doc[1]);
	free(setup);
	k->fd = pair[0];
	buf_init(&k->rest, 0);
}

int keeper_stop(struct keeper *k)
{
	int status;

	close(k->fd);
	waitpid(k->pid, &status, 0);
	buf_free(&k->rest);
	return status;
}

json_int_t keeper_post(struct keeper *k, json_t *request)
{
	json_object_set_new(request, "id", json_integer(++k->id));
	assert_true(wire_write(k->fd, request));
	return k->id;
}

json_t *keeper_get(struct keeper *k)
{
	const char *why = "";
	json_t *line = NULL;

	assert_int_equal(wire_read(k->fd, &k->rest, &line, &why), 1);
	return line;
}

json_t *keeper_ask(struct keeper *k, json_t *request)
{
	json_int_t id = keeper_post(k, request);
	json_t *line = keeper_get(k);

	assert_int_equal(json_integer_value(json_object_get(line, "id")), id);
	return line;
}

const char *answer_text(const json_t *answer, const char *name)
{
	const char *value = json_string_value(json_object_get(answer, name));

	if (!value)
		fail_msg("no \"%s\" in %s", name, json_dumps(answer, 0));
	return value;
}

void assert_refused(json_t *answer, const char *word)
{
	if (!strstr(answer_text(answer, "error"), word))
		fail_msg("'%s' does not say '%s'", answer_text(answer, "error"), word);
	json_decref(answer);
}

json_t *sign_request(const char *payload, const char *kid)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?}", "op", "sign", "account", "ca", "url",
	                 "https://ca.test:14000/some", "nonce", "abc_-1", "payload", payload, "kid", kid);
}

const char *cert_of_type(const char *type)
{
	return strcmp(type, "p384") == 0      ? "p384.test"
	       : strcmp(type, "rsa2048") == 0 ? "rsa.test"
	                                      : "web.test";
}

json_t *key_request(const char *order, const char *type)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "op", "key", "cert", cert_of_type(type), "order", order,
	                 "type", type);
}

json_t *publish_request(const char *order, const char *type, const char *chain)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "op", "publish", "account", "ca", "cert",
	                 cert_of_type(type), "order", order, "type", type, "chain", chain);
}

json_t *current_request(const char *type)
{
	return json_pack("{s:s, s:s}", "op", "current", "cert", cert_of_type(type));
}

int keeper_set_up(void **state)
{
	struct keeper *k = xcalloc(1, sizeof(*k));

	k->state = temp_make();
	k->ca = ca_new();
	keeper_start(k);
	*state = k;
	return 0;
}

int keeper_tear_down(void **state)
{
	struct keeper *k = *state;

	keeper_stop(k);
	temp_drop(k->state);
	ca_free(k->ca);
	free(k);
	return 0;
}

json_t *tryout_request(const char *account, const char *cert)
{
	return json_pack("{s:s, s:s, s:s}", "op", "tryout", "account", account, "cert", cert);
}
