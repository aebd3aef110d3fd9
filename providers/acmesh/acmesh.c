#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blind.h"
#include "program/command.h"
#include "program/judge.h"
#include "program/settings.h"
#include "shared/module.h"
#include "scratch.h"

/*
 * Runs NAME_add and NAME_rm of a script of acme.sh's dnsapi folder, with acme.sh itself as the library
 * that such scripts need. https://github.com/acmesh-official/acme.sh/wiki/DNS-API-Dev-Guide
 * acme.sh runs the command that its arguments name; `true` is one that does nothing.
 */
static const char wrapper[] = "script=$1 function=$2 owner=$3 value=$4\n"
                              "set -- true\n"
                              ". \"$0\" || exit 1\n"
                              "_initpath\n"
                              "unset LOG_FILE SYS_LOG\n"
                              ". \"$script\" || exit 1\n"
                              "\"$function\" \"$owner\" \"$value\"\n";

enum { PATH_MOST = 1024, NAME_MOST = 64 };

struct script {
	char library[PATH_MOST], path[PATH_MOST], name[NAME_MOST];
};

static const char *text_of(const struct dnsproof_call *call, const char *key)
{
	return json_string_value(json_object_get(call->options, key));
}

/* The script's name, which its functions begin with: the last part of the path without ".sh". */
static bool name_take(const char *given, char name[NAME_MOST])
{
	const char *slash = strrchr(given, '/'), *base = slash ? slash + 1 : given;
	size_t n = strlen(base);

	if (n > 3 && strcmp(base + n - 3, ".sh") == 0)
		n -= 3;
	if (n == 0 || n >= NAME_MOST)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)base[i]) && base[i] != '_')
			return false;
	snprintf(name, NAME_MOST, "%.*s", (int)n, base);
	return true;
}

static enum dnsproof_rc script_find(const struct dnsproof_call *call, struct script *s)
{
	const char *given = text_of(call, "script"), *home = text_of(call, "home");
	int n, m;

	if (!name_take(given, s->name) || (given[0] != '/' && strchr(given, '/')))
		return call->host->fail(
		    call, DNSPROOF_INVALID,
		    "option script: %s: expected a name such as dns_cf, or an absolute path", given);
	n = snprintf(s->library, PATH_MOST, "%s/acme.sh", home);
	m = given[0] == '/' ? snprintf(s->path, PATH_MOST, "%s", given)
	                    : snprintf(s->path, PATH_MOST, "%s/dnsapi/%s.sh", home, s->name);
	if (n >= PATH_MOST || m >= PATH_MOST)
		return call->host->fail(call, DNSPROOF_INVALID, "options home and script: too long");
	return DNSPROOF_OK;
}

static enum dnsproof_rc script_trust(const struct dnsproof_call *call, const struct script *s)
{
	char why[512];

	if (!file_is_trusted(s->library, why, sizeof(why)))
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "option home: %s (the folder that acme.sh is in)", why);
	if (!file_is_trusted(s->path, why, sizeof(why)))
		return call->host->fail(call, DNSPROOF_INVALID, "option script: %s", why);
	return DNSPROOF_OK;
}

static enum dnsproof_rc script_judge(const struct dnsproof_call *call, const struct script *s)
{
	enum blind blind = blind_judge(s->path, s->name);

	if (blind == BLIND_UNREADABLE)
		return call->host->fail(call, DNSPROOF_INVALID, "option script: %s cannot be read: %s",
		                        s->path, strerror(errno));
	if (blind == BLIND_NO_FUNCTION)
		return call->host->fail(call, DNSPROOF_INVALID, "option script: there is no %s_rm() in %s",
		                        s->name, s->path);
	if (blind == BLIND_YES && !json_is_true(json_object_get(call->options, "accept_value_blind")))
		return call->host->fail(
		    call, DNSPROOF_INVALID,
		    "option script: %s_rm() ignores the value and so removes those of others, "
		    "too; where nobody else writes at the name (a CNAME target of its own), "
		    "set accept_value_blind=yes",
		    s->name);
	return DNSPROOF_OK;
}

/* What acme.sh keeps in its account.conf is called SAVED_NAME there. What decides where things are
 * written is ours. */
static const char *variable(const char *name)
{
	static const char *const ours[] = {"HOME",        "TMPDIR",  "LE_WORKING_DIR",    "LE_CONFIG_HOME",
	                                   "LOG_FILE",    "SYS_LOG", "ACCOUNT_CONF_PATH", "HTTP_HEADER",
	                                   "CERT_HOME",   "CA_HOME", "DOMAIN_CONF",       "DOMAIN_PATH",
	                                   "AUTO_UPGRADE"};

	if (strncmp(name, "SAVED_", 6) == 0 && name[6])
		name += 6;
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(name, ours[i]) == 0)
			return NULL;
	return name;
}

static void path_env(struct command *c, const char *name, const char *folder, const char *file)
{
	char path[SCRATCH_MOST + 32];

	snprintf(path, sizeof(path), "%s%s", folder, file);
	command_env(c, name, path);
}

static enum dnsproof_rc environment(struct command *c, const char *scratch)
{
	enum dnsproof_rc rc;

	command_env_standard(c);
	rc = settings_add(c, variable);
	path_env(c, "HOME", scratch, "");
	path_env(c, "TMPDIR", scratch, "");
	path_env(c, "LE_WORKING_DIR", scratch, "");
	path_env(c, "LE_CONFIG_HOME", scratch, "");
	path_env(c, "ACCOUNT_CONF_PATH", scratch, "/account.conf");
	path_env(c, "DOMAIN_CONF", scratch, "/domain.conf");
	path_env(c, "HTTP_HEADER", scratch, "/http.header");
	command_env(c, "NO_TIMESTAMP", "1");
	return rc;
}

static enum dnsproof_rc run_in(struct command *c, const struct script *s, const char *scratch,
                               const struct dnsproof_txt *txt)
{
	char function[NAME_MOST + 8];
	const char *argv[] = {"/bin/sh", "-c",      wrapper,    s->library, s->path,
	                      function,  txt->name, txt->value, NULL};
	enum dnsproof_rc rc = environment(c, scratch);

	snprintf(function, sizeof(function), "%s_%s", s->name, c->op[0] == 'a' ? "add" : "rm");
	c->argv = argv;
	c->shown = s->path;
	if (rc == DNSPROOF_OK)
		rc = command_succeed(c);
	c->argv = NULL;
	return rc;
}

static enum dnsproof_rc run(struct dnsproof_txt_call *t, const char *op)
{
	const struct dnsproof_call *call = &t->call;
	struct command c = {.call = call, .op = op};
	char scratch[SCRATCH_MOST];
	struct script s;
	enum dnsproof_rc rc = script_find(call, &s);

	if (rc == DNSPROOF_OK)
		rc = script_trust(call, &s);
	if (rc != DNSPROOF_OK)
		return rc;
	if (!scratch_make(scratch))
		return call->host->fail(call, DNSPROOF_TEMP, "%s: %s", scratch, strerror(errno));
	rc = run_in(&c, &s, scratch, t->txt);
	command_clear(&c);
	scratch_remove(scratch);
	return rc;
}

static enum dnsproof_rc acmesh_add(struct dnsproof_txt_call *c)
{
	return run(c, "add");
}

static enum dnsproof_rc acmesh_del(struct dnsproof_txt_call *c)
{
	return run(c, "del");
}

static enum dnsproof_rc acmesh_open(struct dnsproof_open_call *c)
{
	struct script s;
	enum dnsproof_rc rc = script_find(&c->call, &s);

	if (rc == DNSPROOF_OK)
		rc = script_trust(&c->call, &s);
	if (rc == DNSPROOF_OK)
		rc = script_judge(&c->call, &s);
	scratch_sweep();
	return rc == DNSPROOF_OK ? settings_check(&c->call) : rc;
}

static const struct dnsproof_option options[] = {
    {"script", DNSPROOF_REQUIRED, NULL, NULL, "name (dns_cf) or absolute path of the dnsapi script"},
    {"home", 0, NULL, "/usr/share/acme.sh", "the folder that acme.sh and dnsapi/ are in"},
    {"accept_value_blind", DNSPROOF_BOOL, NULL, "no", "yes: run a script that removes all values at a name"},
    SETTINGS_OPTIONS,
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("acmesh", "runs a dnsapi script of the acme.sh that you have installed",
           "https://github.com/acmesh-official/acme.sh/wiki/dnsapi"),
    .replaces = DNSPROOF_ZONE, /* some scripts write the whole zone */
    .flags = DNSPROOF_STARTS_PROGRAMS,
    .add = acmesh_add,
    .del = acmesh_del,
    .open = acmesh_open,
};
