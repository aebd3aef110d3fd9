#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "judge.h"
#include "program.h"
#include "provider.h"

/*
 * PROGRAM add|del NAME VALUE, PROGRAM check|list NAME, and one JSON object on standard input.
 * Exit codes: 0 done, 2 not supported, 75 temporary, 77 credentials, others temporary.
 */
enum { EXIT_NOT_SUPPORTED = 2, EXIT_CREDENTIALS = 77 };
enum { ENV_MOST = 16 };

struct job {
	const struct dnsproof_call *call;
	const char *op;
	const char *zone, *name, *relative;
	const struct dnsproof_txt *txt; /* NULL in check and list */
	char *env[ENV_MOST];
	size_t n_env;
	struct result result;
};

static const char *program_of(const struct dnsproof_call *call)
{
	return json_string_value(json_object_get(call->options, "program"));
}

static void env_add(struct job *j, const char *name, const char *value)
{
	if (asprintf(&j->env[j->n_env++], "%s=%s", name, value) < 0)
		abort();
}

static void env_make(struct job *j)
{
	char ttl[16];

	env_add(j, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	env_add(j, "HOME", "/");
	env_add(j, "LANG", "C");
	env_add(j, "DNSPROOF_OP", j->op);
	env_add(j, "DNSPROOF_ZONE", j->zone);
	env_add(j, "DNSPROOF_NAME", j->name);
	if (j->relative)
		env_add(j, "DNSPROOF_RELATIVE", j->relative);
	if (!j->txt)
		return;
	snprintf(ttl, sizeof(ttl), "%u", j->txt->ttl);
	env_add(j, "DNSPROOF_VALUE", j->txt->value);
	env_add(j, "DNSPROOF_TTL", ttl);
}

static char *input_make(const struct job *j)
{
	json_t *input = json_pack("{s:s,s:s,s:s}", "op", j->op, "zone", j->zone, "name", j->name);
	char *text, *line;

	if (j->relative)
		json_object_set_new(input, "relative", json_string(j->relative));
	if (j->txt) {
		json_object_set_new(input, "value", json_string(j->txt->value));
		json_object_set_new(input, "ttl", json_integer(j->txt->ttl));
	}
	text = json_dumps(input, JSON_COMPACT);
	if (asprintf(&line, "%s\n", text) < 0)
		abort();
	free(text);
	json_decref(input);
	return line;
}

static bool job_start(struct job *j)
{
	const char *argv[] = {program_of(j->call), j->op, j->name, j->txt ? j->txt->value : NULL, NULL};
	char *input = input_make(j);
	struct program p = {.argv = argv, .input = input, .ms = j->call->ms_left};
	bool ok;

	env_make(j);
	p.env = (const char *const *)j->env;
	ok = program_run(&p, &j->result);
	for (size_t i = 0; i < j->n_env; i++)
		free(j->env[i]);
	free(input);
	return ok;
}

static enum dnsproof_rc by_exit_code(const struct job *j, int code)
{
	const struct dnsproof_call *c = j->call;
	const char *last = j->result.last, *program = program_of(c);

	if (code == 0)
		return DNSPROOF_OK;
	if (code == EXIT_NOT_SUPPORTED)
		return c->host->fail(c, DNSPROOF_INVALID, "%s says that it cannot %s (exit code 2)%s%s",
				     program, j->op, *last ? ": " : "", last);
	return c->host->fail(c, code == EXIT_CREDENTIALS ? DNSPROOF_AUTH : DNSPROOF_TEMP,
			     "%s %s: exit code %d%s%s", program, j->op, code, *last ? ": " : "", last);
}

static enum dnsproof_rc judge(const struct job *j)
{
	const struct dnsproof_call *c = j->call;
	const char *last = j->result.last, *program = program_of(c);
	int status = j->result.status;

	if (j->result.timed_out)
		return c->host->fail(c, DNSPROOF_TEMP, "%s %s: not done within %.1f s, killed%s%s", program,
				     j->op, c->ms_left / 1000.0, *last ? "; its last words: " : "", last);
	if (WIFSIGNALED(status))
		return c->host->fail(c, DNSPROOF_TEMP, "%s %s: ended by signal %d%s%s", program, j->op,
				     WTERMSIG(status), *last ? ": " : "", last);
	return by_exit_code(j, WEXITSTATUS(status));
}

/* The output is the caller's to free. */
static enum dnsproof_rc run(struct job *j)
{
	char why[512];

	if (!program_is_trusted(program_of(j->call), why, sizeof(why)))
		return j->call->host->fail(j->call, DNSPROOF_INVALID, "program %s", why);
	if (!job_start(j))
		return j->call->host->fail(j->call, DNSPROOF_TEMP, "%s %s: %s", program_of(j->call), j->op,
					   j->result.last);
	j->call->host->log(j->call, "%s %s %s: status 0x%x %s", program_of(j->call), j->op, j->name,
			   (unsigned)j->result.status, j->result.last);
	return judge(j);
}

static enum dnsproof_rc change(struct dnsproof_txt_call *c, const char *op)
{
	struct job j = {.call = &c->call,
			.op = op,
			.zone = c->txt->zone,
			.name = c->txt->name,
			.relative = c->txt->relative,
			.txt = c->txt};
	enum dnsproof_rc rc = run(&j);

	free(j.result.output);
	return rc;
}

static enum dnsproof_rc exec_add(struct dnsproof_txt_call *c)
{
	return change(c, "add");
}

static enum dnsproof_rc exec_del(struct dnsproof_txt_call *c)
{
	return change(c, "del");
}

static bool says_not_supported(const struct job *j)
{
	return !j->result.timed_out && WIFEXITED(j->result.status) &&
	       WEXITSTATUS(j->result.status) == EXIT_NOT_SUPPORTED;
}

static enum dnsproof_rc exec_check(struct dnsproof_check_call *c)
{
	struct job j = {.call = &c->call,
			.op = "check",
			.zone = c->zone,
			.name = c->name ? c->name : c->zone};
	enum dnsproof_rc rc = run(&j);

	if (j.result.output && says_not_supported(&j))
		rc = DNSPROOF_OK;
	free(j.result.output);
	return rc;
}

static void report_lines(struct dnsproof_list_call *c, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		size_t length = n && text[n - 1] == '\r' ? n - 1 : n;

		if (length)
			c->value(c, text, length);
		text += text[n] ? n + 1 : n;
	}
}

static enum dnsproof_rc exec_list(struct dnsproof_list_call *c)
{
	struct job j = {.call = &c->call,
			.op = "list",
			.zone = c->zone,
			.name = c->name,
			.relative = c->relative};
	enum dnsproof_rc rc = run(&j);

	if (rc == DNSPROOF_OK && j.result.cut)
		rc = c->call.host->fail(&c->call, DNSPROOF_TEMP, "%s list: more output than 64 KiB",
					program_of(&c->call));
	if (rc == DNSPROOF_OK)
		report_lines(c, j.result.output);
	free(j.result.output);
	return rc;
}

static enum dnsproof_rc exec_open(struct dnsproof_open_call *c)
{
	char why[512];

	if (program_is_trusted(program_of(&c->call), why, sizeof(why)))
		return DNSPROOF_OK;
	return c->call.host->fail(&c->call, DNSPROOF_INVALID, "option program: %s", why);
}

static const struct dnsproof_option options[] = {
	{"program", DNSPROOF_REQUIRED, NULL, NULL, "absolute path of the program to run"},
	{0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
	DNSPROOF_PROVIDER_HEAD,
	.name = "exec",
	.summary = "runs a program of yours for each change",
	.url = "dnsproof-provider(7)",
	.options = options,
	.replaces = DNSPROOF_RRSET, /* what an unknown program does to the other values is unknown */
	.add = exec_add,
	.del = exec_del,
	.open = exec_open,
	.check = exec_check,
	.list = exec_list,
};
