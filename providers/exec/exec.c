#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "program/command.h"
#include "shared/module.h"

/*
 * PROGRAM add|del NAME VALUE, PROGRAM check|list NAME, and one JSON object on standard input.
 * Exit codes: 0 done, 2 not supported, 75 temporary, 77 credentials, others temporary.
 */
enum { EXIT_NOT_SUPPORTED = 2, EXIT_CREDENTIALS = 77 };

struct job {
	const char *op;
	const char *zone, *name, *relative;
	const struct dnsproof_txt *txt; /* NULL in check and list */
	struct command command;
};

static const char *program_of(const struct dnsproof_call *call)
{
	return json_string_value(json_object_get(call->options, "program"));
}

static void env_make(struct job *j)
{
	struct command *c = &j->command;
	char ttl[16];

	command_env_standard(c);
	command_env(c, "DNSPROOF_OP", j->op);
	command_env(c, "DNSPROOF_ZONE", j->zone);
	command_env(c, "DNSPROOF_NAME", j->name);
	if (j->relative)
		command_env(c, "DNSPROOF_RELATIVE", j->relative);
	if (!j->txt)
		return;
	snprintf(ttl, sizeof(ttl), "%u", j->txt->ttl);
	command_env(c, "DNSPROOF_VALUE", j->txt->value);
	command_env(c, "DNSPROOF_TTL", ttl);
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

static enum dnsproof_rc by_exit_code(const struct job *j)
{
	const struct dnsproof_call *c = j->command.call;
	const char *last = j->command.result.last;
	int code = command_code(&j->command);

	if (code == 0)
		return DNSPROOF_OK;
	if (code == EXIT_NOT_SUPPORTED)
		return c->host->fail(c, DNSPROOF_INVALID, "%s says that it cannot %s (exit code 2)%s%s",
		                     program_of(c), j->op, *last ? ": " : "", last);
	return command_fail(&j->command, code == EXIT_CREDENTIALS ? DNSPROOF_AUTH : DNSPROOF_TEMP);
}

/* The command is the caller's to clear. */
static enum dnsproof_rc run(struct job *j, const struct dnsproof_call *call)
{
	const char *argv[] = {program_of(call), j->op, j->name, j->txt ? j->txt->value : NULL, NULL};
	char *input = input_make(j);
	enum dnsproof_rc rc;

	j->command = (struct command){.call = call, .op = j->op, .argv = argv, .input = input};
	env_make(j);
	rc = command_run(&j->command);
	free(input);
	if (rc == DNSPROOF_OK)
		rc = by_exit_code(j);
	j->command.argv = NULL;
	return rc;
}

static enum dnsproof_rc change(struct dnsproof_txt_call *c, const char *op)
{
	struct job j = {.op = op,
	                .zone = c->txt->zone,
	                .name = c->txt->name,
	                .relative = c->txt->relative,
	                .txt = c->txt};
	enum dnsproof_rc rc = run(&j, &c->call);

	command_clear(&j.command);
	return rc;
}

static enum dnsproof_rc add(struct dnsproof_txt_call *c)
{
	return change(c, "add");
}

static enum dnsproof_rc del(struct dnsproof_txt_call *c)
{
	return change(c, "del");
}

static bool says_not_supported(const struct job *j)
{
	const struct result *r = &j->command.result;

	return r->output && !r->timed_out && WIFEXITED(r->status) &&
	       WEXITSTATUS(r->status) == EXIT_NOT_SUPPORTED;
}

static enum dnsproof_rc check(struct dnsproof_check_call *c)
{
	struct job j = {.op = "check", .zone = c->zone, .name = c->name ? c->name : c->zone};
	enum dnsproof_rc rc = run(&j, &c->call);

	if (says_not_supported(&j))
		rc = DNSPROOF_OK;
	command_clear(&j.command);
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

static enum dnsproof_rc list(struct dnsproof_list_call *c)
{
	struct job j = {.op = "list", .zone = c->zone, .name = c->name, .relative = c->relative};
	enum dnsproof_rc rc = run(&j, &c->call);

	if (rc == DNSPROOF_OK && j.command.result.cut)
		rc = c->call.host->fail(&c->call, DNSPROOF_TEMP, "%s list: more output than 64 KiB",
		                        program_of(&c->call));
	if (rc == DNSPROOF_OK)
		report_lines(c, j.command.result.output);
	command_clear(&j.command);
	return rc;
}

static enum dnsproof_rc exec_open(struct dnsproof_open_call *c)
{
	return command_check(&c->call, "program", program_of(&c->call));
}

static const struct dnsproof_option options[] = {
    {"program", DNSPROOF_REQUIRED, NULL, NULL, "absolute path of the program to run"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("exec", "runs a program of yours for each change", "dnsproof-provider(7)"),
    .replaces = DNSPROOF_RRSET, /* what an unknown program does to the other values is unknown */
    .flags = DNSPROOF_STARTS_PROGRAMS,
    MODULE_CALLS,
    .open = exec_open,
};
