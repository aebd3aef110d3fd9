#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "hook.h"
#include "shared/module.h"

/*
 * The manual hooks of certbot: the value in the environment; what the first one prints is given to the
 * second. https://eff-certbot.readthedocs.io/en/stable/using.html#pre-and-post-validation-hooks
 */
enum { WORDS_MOST = 32 };

struct words {
	char *text;
	const char *at[WORDS_MOST + 1];
	size_t n;
};

/* The option as words: certbot's users give arguments after the program. */
static void words_of(const struct dnsproof_call *call, const char *key, struct words *w)
{
	const char *given = json_string_value(json_object_get(call->options, key));
	char *save, *word;

	*w = (struct words){.text = strdup(given ? given : "")};
	if (!w->text)
		abort();
	for (word = strtok_r(w->text, " \t", &save); word && w->n < WORDS_MOST;
	     word = strtok_r(NULL, " \t", &save))
		w->at[w->n++] = word;
	if (!w->n)
		w->at[0] = "";
}

static enum dnsproof_rc environment(struct command *c, const struct dnsproof_txt *txt)
{
	const char *domain = hook_domain(c->call, txt->name);

	if (!domain)
		return DNSPROOF_INVALID;
	command_env(c, "CERTBOT_DOMAIN", domain);
	command_env(c, "CERTBOT_VALIDATION", txt->value);
	command_env(c, "CERTBOT_ALL_DOMAINS", domain);
	command_env(c, "CERTBOT_REMAINING_CHALLENGES", "0");
	return hook_environment(c, txt);
}

static enum dnsproof_rc run(struct command *c, const char *key, const struct dnsproof_txt *txt)
{
	struct words w;
	enum dnsproof_rc rc;

	words_of(c->call, key, &w);
	c->argv = w.at;
	rc = environment(c, txt);
	if (rc == DNSPROOF_OK)
		rc = command_succeed(c);
	c->argv = NULL;
	free(w.text);
	return rc;
}

/* Its output without white space around it, when it fits and is text. */
static void keep_output(const struct result *r, struct dnsproof_txt *txt)
{
	const char *text = r->output;
	size_t n = r->length;

	while (n && isspace((unsigned char)*text)) {
		text++;
		n--;
	}
	while (n && isspace((unsigned char)text[n - 1]))
		n--;
	if (r->cut || n >= sizeof(txt->handle) || memchr(text, '\0', n))
		return;
	memcpy(txt->handle, text, n);
	txt->handle[n] = '\0';
}

static enum dnsproof_rc certbothook_add(struct dnsproof_txt_call *c)
{
	struct command command = {.call = &c->call, .op = "add"};
	enum dnsproof_rc rc = run(&command, "auth", c->txt);

	if (rc == DNSPROOF_OK)
		keep_output(&command.result, c->txt);
	command_clear(&command);
	return rc;
}

static enum dnsproof_rc certbothook_del(struct dnsproof_txt_call *c)
{
	struct command command = {.call = &c->call, .op = "del"};
	enum dnsproof_rc rc;

	command_env(&command, "CERTBOT_AUTH_OUTPUT", c->txt->handle);
	rc = run(&command, "cleanup", c->txt);
	command_clear(&command);
	return rc;
}

static enum dnsproof_rc program_check(const struct dnsproof_call *call, const char *key)
{
	struct words w;
	enum dnsproof_rc rc;

	words_of(call, key, &w);
	rc = command_check(call, key, w.at[0]);
	free(w.text);
	return rc;
}

static enum dnsproof_rc certbothook_open(struct dnsproof_open_call *c)
{
	enum dnsproof_rc rc = program_check(&c->call, "auth");

	if (rc == DNSPROOF_OK)
		rc = program_check(&c->call, "cleanup");
	return rc == DNSPROOF_OK ? settings_check(&c->call) : rc;
}

static const struct dnsproof_option options[] = {
    {"auth", DNSPROOF_REQUIRED, NULL, NULL, "the --manual-auth-hook: absolute path, then its arguments"},
    {"cleanup", DNSPROOF_REQUIRED, NULL, NULL, "the --manual-cleanup-hook, likewise"},
    HOOK_OPTIONS,
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("certbothook", "runs the manual hooks that you have for certbot",
           "https://eff-certbot.readthedocs.io/en/stable/using.html#pre-and-post-validation-hooks"),
    HOOK_CALLS,
    .add = certbothook_add,
    .del = certbothook_del,
    .open = certbothook_open,
};
