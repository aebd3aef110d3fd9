#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/mem.h"
#include "describe.h"
#include "guard.h"
#include "list.h"
#include "provision.h"
#include "serve.h"
#include "secret_source.h"
#include "try.h"

static const char usage[] =
    "usage: dnsproof-provider --list [--json]\n"
    "       dnsproof-provider --describe NAME [--json] [-v] [--set KEY=VALUE]... [NAME-OF-A-HOST]\n"
    "       dnsproof-provider --try NAME [--set KEY=VALUE]... [--cname-target PATTERN]... [--zone ZONE]...\n"
    "                         [--json] [-v] add|del|live ZONE NAME VALUE | list|check ZONE NAME\n"
    "       dnsproof-provider --serve\n"
    "  --modules DIR   folder of the modules instead of " PROVIDERDIR "\n"
    "  --descriptors DIR  folder of the descriptors instead of the operator's and the shipped ones\n"
    "  --set KEY=VALUE an option of the provider; KEY=file:/path and KEY=env:NAME are sources\n"
    "  --cname-target PATTERN a name besides _acme-challenge names that may be written; **.x: all below x\n"
    "  --zone ZONE     only these zones may be written\n"
    "  -v              show the module's log\n"
    "  --help, --version\n"
    "See dnsproof-provider(7).\n";

enum mode { MODE_NONE, MODE_SERVE, MODE_LIST, MODE_DESCRIBE, MODE_TRY };

struct arguments {
	enum mode mode;
	struct setup setup;
	bool json;
	int rest; /* index of the first word that is no option */
};

enum {
	OPT_SERVE = 256,
	OPT_LIST,
	OPT_DESCRIBE,
	OPT_TRY,
	OPT_CONFORM,
	OPT_SET,
	OPT_TARGET,
	OPT_ZONE,
	OPT_MODULES,
	OPT_DESCRIPTORS,
	OPT_JSON
};

static const struct option options[] = {
    {"serve", no_argument, NULL, OPT_SERVE},
    {"list", no_argument, NULL, OPT_LIST},
    {"describe", required_argument, NULL, OPT_DESCRIBE},
    {"try", required_argument, NULL, OPT_TRY},
    {"conform", optional_argument, NULL, OPT_CONFORM},
    {"set", required_argument, NULL, OPT_SET},
    {"cname-target", required_argument, NULL, OPT_TARGET},
    {"zone", required_argument, NULL, OPT_ZONE},
    {"modules", required_argument, NULL, OPT_MODULES},
    {"descriptors", required_argument, NULL, OPT_DESCRIPTORS},
    {"json", no_argument, NULL, OPT_JSON},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static bool mode_set(struct arguments *a, enum mode mode, const char *name, struct err *e)
{
	if (a->mode != MODE_NONE)
		return err_set(e, "only one of --serve, --list, --describe and --try at a time");
	a->mode = mode;
	a->setup.provider = xstrdup(name);
	a->setup.policy.account = xstrdup(name);
	return true;
}

static bool argument(struct arguments *a, int option, struct err *e)
{
	switch (option) {
	case OPT_SERVE:
		return mode_set(a, MODE_SERVE, NULL, e);
	case OPT_LIST:
		return mode_set(a, MODE_LIST, NULL, e);
	case OPT_DESCRIBE:
		return mode_set(a, MODE_DESCRIBE, optarg, e);
	case OPT_TRY:
		return mode_set(a, MODE_TRY, optarg, e);
	case OPT_CONFORM:
		return err_set(e, "the conformance kit is a program of its own: dnsproof-conform FILE; "
		                  "see dnsproof-conform(1)");
	case OPT_SET:
		return secret_source_add(&a->setup.options, optarg, e);
	case OPT_TARGET:
		policy_add_target(&a->setup.policy, optarg);
		return true;
	case OPT_ZONE:
		policy_add_zone(&a->setup.policy, optarg);
		return true;
	case OPT_MODULES:
		free(a->setup.modules);
		a->setup.modules = xstrdup(optarg);
		return true;
	case OPT_DESCRIPTORS:
		free(a->setup.descriptors);
		a->setup.descriptors = xstrdup(optarg);
		return true;
	case OPT_JSON:
		a->json = true;
		return true;
	case 'v':
		a->setup.verbose++;
		return true;
	}
	return err_set(e, "see dnsproof-provider --help");
}

/* -1 = go on, else the exit code. */
static int arguments_read(struct arguments *a, int argc, char **argv)
{
	struct err e;
	int option;

	while ((option = getopt_long(argc, argv, "+hVv", options, NULL)) != -1) {
		if (option == 'h' || option == 'V') {
			fputs(option == 'h' ? usage : "dnsproof-provider " PACKAGE_VERSION "\n", stdout);
			return fflush(stdout) != 0;
		}
		if (!argument(a, option, &e)) {
			log_error("%s", e.text);
			return 2;
		}
	}
	a->rest = optind;
	return -1;
}

static int describe(const struct arguments *a, const char *name, int out)
{
	const struct folders where = {a->setup.modules, a->setup.descriptors};
	struct provision p;
	json_t *described;
	struct err e;
	char *text;

	if (!provision_find(a->setup.provider, &where, &p, &e)) {
		log_error("%s", e.text);
		return 2;
	}
	described = a->json ? describe_json(&p) : NULL;
	if (described && a->setup.verbose && p.descriptor)
		json_object_set(described, "descriptor", p.descriptor->root);
	text = a->json ? json_dumps(described, JSON_INDENT(2)) : describe_text(&p, &a->setup.options, name);
	dprintf(out, "%s%s", text, a->json ? "\n" : "");
	free(text);
	json_decref(described);
	provision_free(&p);
	return 0;
}

static int run(struct arguments *a, int argc, char **argv)
{
	const struct folders where = {a->setup.modules, a->setup.descriptors};
	int in, out, words = argc - a->rest;

	if (a->mode == MODE_TRY ? words == 0 : words > (a->mode == MODE_DESCRIBE)) {
		log_error("%s; see dnsproof-provider --help",
		          a->mode == MODE_TRY ? "--try needs a call" : "nothing to do for these arguments");
		return 2;
	}
	if (a->mode == MODE_SERVE)
		return serve(&where);
	guard_process();
	guard_stdio(&in, &out);
	if (a->setup.verbose)
		log_open("dnsproof-provider", LOG_DEBUG);
	if (a->mode == MODE_LIST)
		return list_modules(&where, a->json, out);
	if (a->mode == MODE_DESCRIBE)
		return describe(a, words ? argv[a->rest] : NULL, out);
	if (a->mode == MODE_TRY)
		return try_call(&a->setup, words, argv + a->rest, a->json, out);
	fputs(usage, stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct arguments a = {0};
	int code;

	log_open("dnsproof-provider", LOG_INFO);
	code = arguments_read(&a, argc, argv);
	if (code < 0)
		code = run(&a, argc, argv);
	setup_free(&a.setup);
	return code;
}
