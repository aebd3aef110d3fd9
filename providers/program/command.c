#define _GNU_SOURCE
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "judge.h"

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

static size_t place_of(const struct command *c, const char *name)
{
	size_t n = strlen(name), i = 0;

	while (i < c->n_env && !(strncmp(c->env[i], name, n) == 0 && c->env[i][n] == '='))
		i++;
	return i;
}

bool command_env(struct command *c, const char *name, const char *value)
{
	size_t at = place_of(c, name);

	if (at == COMMAND_ENV_MOST)
		return false;
	wipe(c->env[at]);
	if (asprintf(&c->env[at], "%s=%s", name, value) < 0)
		abort();
	if (at == c->n_env)
		c->n_env++;
	return true;
}

void command_env_standard(struct command *c)
{
	command_env(c, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	command_env(c, "HOME", "/");
	command_env(c, "LANG", "C");
}

static const char *name_of(const struct command *c)
{
	return c->shown ? c->shown : c->argv[0];
}

int command_code(const struct command *c)
{
	return WEXITSTATUS(c->result.status);
}

enum dnsproof_rc command_fail(const struct command *c, enum dnsproof_rc rc)
{
	const char *last = c->result.last;

	return c->call->host->fail(c->call, rc, "%s %s: exit code %d%s%s", name_of(c), c->op, command_code(c),
	                           *last ? ": " : "", last);
}

static enum dnsproof_rc judge(const struct command *c)
{
	const char *last = c->result.last;

	if (c->result.timed_out)
		return c->call->host->fail(
		    c->call, DNSPROOF_TEMP, "%s %s: not done within %.1f s, killed%s%s", name_of(c), c->op,
		    c->call->ms_left / 1000.0, *last ? "; its last words: " : "", last);
	if (WIFSIGNALED(c->result.status))
		return c->call->host->fail(c->call, DNSPROOF_TEMP, "%s %s: ended by signal %d%s%s",
		                           name_of(c), c->op, WTERMSIG(c->result.status), *last ? ": " : "",
		                           last);
	return DNSPROOF_OK;
}

enum dnsproof_rc command_run(struct command *c)
{
	struct program p = {.argv = c->argv,
	                    .env = (const char *const *)c->env,
	                    .input = c->input ? c->input : "",
	                    .ms = c->call->ms_left};
	char why[512];

	if (!program_is_trusted(c->argv[0], why, sizeof(why)))
		return c->call->host->fail(c->call, DNSPROOF_INVALID, "program %s", why);
	free(c->result.output);
	if (!program_run(&p, &c->result))
		return c->call->host->fail(c->call, DNSPROOF_TEMP, "%s %s: %s", name_of(c), c->op,
		                           c->result.last);
	c->call->host->log(c->call, "%s %s: status 0x%x %s", name_of(c), c->op, (unsigned)c->result.status,
	                   c->result.last);
	return judge(c);
}

enum dnsproof_rc command_succeed(struct command *c)
{
	enum dnsproof_rc rc = command_run(c);

	return rc == DNSPROOF_OK && command_code(c) != 0 ? command_fail(c, DNSPROOF_TEMP) : rc;
}

enum dnsproof_rc command_check(const struct dnsproof_call *call, const char *key, const char *path)
{
	char why[512];

	if (program_is_trusted(path, why, sizeof(why)))
		return DNSPROOF_OK;
	return call->host->fail(call, DNSPROOF_INVALID, "option %s: %s", key, why);
}

void command_clear(struct command *c)
{
	for (size_t i = 0; i < c->n_env; i++) {
		wipe(c->env[i]);
		c->env[i] = NULL;
	}
	c->n_env = 0;
	free(c->result.output);
	c->result.output = NULL;
}
