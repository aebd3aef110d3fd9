#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/mem.h"
#include "conform.h"
#include "host/guard.h"

static const char usage[] =
    "usage: dnsproof-conform [OPTION]... FILE\n"
    "Does a DNS provider keep the rules of dnsproof? Tries it against a fake of its API, or in a test zone "
    "at "
    "its\n"
    "service, and prints TAP.\n"
    "  --control URL      the control endpoint of the fake, instead of the file's\n"
    "  --only TEXT        only the rules whose line holds TEXT\n"
    "  --cold KINDS       faults at requests that only a host's first call makes: these kinds alone, as "
    "401,html\n"
    "  --modules DIR      folder of the modules instead of " PROVIDERDIR "\n"
    "  --descriptors DIR  folder of the descriptors instead of the operator's and the shipped ones\n"
    "  -v                 with a rule that fails, show the log of the hosts and the requests to the fake\n"
    "  --help, --version\n"
    "FILE, for a test zone at the real service:\n"
    "  provider: example\n"
    "  options: {token: file:test.token, user: me}   # of the test zone only\n"
    "  zone: kit.example.net                         # yours, and nothing else uses it\n"
    "  foreign: ['put this at _acme-challenge.kit.example.net by hand before']\n"
    "  look: dig +short TXT $NAME @ns1.example.net | tr -d '\"'    # if the provider cannot list\n"
    "More keys of FILE: see dnsproof-conform(1).\n"
    "Exit status: 0 all rules kept, 1 not all, 2 it could not be tried.\n";

enum { OPT_CONTROL = 256, OPT_ONLY, OPT_COLD, OPT_MODULES, OPT_DESCRIPTORS };

static const struct option options[] = {
    {"control", required_argument, NULL, OPT_CONTROL},
    {"only", required_argument, NULL, OPT_ONLY},
    {"cold", required_argument, NULL, OPT_COLD},
    {"modules", required_argument, NULL, OPT_MODULES},
    {"descriptors", required_argument, NULL, OPT_DESCRIPTORS},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

struct arguments {
	struct conform_wish wish;
	const char *words[5]; /* for the hosts, NULL at the end */
	const char *modules, *descriptors;
};

/* -1 = go on, else the exit code. */
static int arguments_read(struct arguments *a, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "hVv", options, NULL)) != -1)
		switch (option) {
		case OPT_CONTROL:
			a->wish.control = optarg;
			break;
		case OPT_ONLY:
			a->wish.only = optarg;
			break;
		case OPT_COLD:
			a->wish.cold = optarg;
			break;
		case OPT_MODULES:
			a->modules = optarg;
			break;
		case OPT_DESCRIPTORS:
			a->descriptors = optarg;
			break;
		case 'v':
			a->wish.verbose = true;
			break;
		case 'h':
		case 'V':
			fputs(option == 'h' ? usage : "dnsproof-conform " PACKAGE_VERSION "\n", stdout);
			return fflush(stdout) != 0;
		default:
			log_error("see dnsproof-conform --help");
			return 2;
		}
	if (argc - optind == 1)
		return -1;
	log_error("give one case file; see dnsproof-conform --help");
	return 2;
}

static void words_fill(struct arguments *a)
{
	size_t n = 0;

	if (a->modules) {
		a->words[n++] = "--modules";
		a->words[n++] = a->modules;
	}
	if (a->descriptors) {
		a->words[n++] = "--descriptors";
		a->words[n++] = a->descriptors;
	}
	a->wish.words = a->words;
}

/* The provider host beside this program, so that a build is tried with its own; new string. */
static char *host_program(const char *self)
{
	const char *slash = strrchr(self, '/');

	return xasprintf("%.*sdnsproof-provider", slash ? (int)(slash + 1 - self) : 0, self);
}

int main(int argc, char **argv)
{
	struct arguments a = {0};
	char *program;
	int code;

	log_open("dnsproof-conform", LOG_INFO);
	code = arguments_read(&a, argc, argv);
	if (code >= 0)
		return code;
	guard_process();
	words_fill(&a);
	program = host_program(argv[0]);
	a.wish.program = program;
	a.wish.file = argv[optind];
	code = conform(&a.wish);
	free(program);
	return code;
}
