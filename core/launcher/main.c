#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"
#include "common/nearest.h"
#include "common/str.h"
#include "launcher/cmd.h"
#include "launcher/exit_code.h"
#include "launcher/secret.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
    {"issue", cmd_issue, "NAME...   get one certificate now"},
    {"renew", cmd_renew, "[WHICH]   renew every certificate that is due"},
    {"status", cmd_status, "[WHICH]   how the certificates stand; --check for monitoring"},
    {"plan", cmd_plan, "[WHICH]   what renew would do, and why"},
    {"revoke", cmd_revoke, "WHICH     revoke certificates at their CA"},
    {"remove", cmd_remove, "ID        end a certificate"},
    {"import", cmd_import, "DIR       go on with the certificates of another client"},
    {"clean", cmd_clean, "          remove TXT records that killed runs left behind"},
    {"ca", cmd_ca, "list ...  the accounts at CAs: list, show, register, rollover, rename ..."},
    {"dns", cmd_dns, "list ...  the accounts at DNS providers: list, show, rename"},
    {"config", cmd_config, "check     check the configuration, or show what holds"},
    {"providers", cmd_providers, "[NAME]    list the DNS providers, describe one, or start a new one"},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void usage(FILE *out)
{
	fputs("usage: dnsproof COMMAND [option]...\n\n", out);
	for (int i = 0; i < COMMANDS; i++)
		fprintf(out, "  dnsproof %-10s%s\n", commands[i].name, commands[i].summary);
	fputs("  dnsproof help [COMMAND]\n"
	      "  dnsproof --version\n\nMore: man dnsproof\n",
	      out);
}

/* Commands to come, and those of other programs: what does the job. */
static const struct {
	const char *name, *advice;
} elsewhere[] = {
    {"check", "is not there yet; try a provider's access with `dnsproof-provider --try`, and the rest with "
              "`dnsproof issue NAME --ca letsencrypt-staging`"},
    {"log", "is not there yet; `dnsproof issue ... -v` shows details"},
    {"deploy", "is not there yet; let the server read STATE/certs/ID/live and reload it after "
               "`dnsproof issue --exit-unchanged`"},
    {"backup", "is not there yet; copy the state folder while no run is alive"},
    {"report", "is not there yet; `dnsproof issue ... -v --json` shows what happened"},
    {"certonly", "is another program's word; type dnsproof issue NAME... --dns PROVIDER"},
    {"run", "is another program's word; type dnsproof issue NAME... --dns PROVIDER"},
    {"obtain", "is another program's word; type dnsproof issue NAME... --dns PROVIDER"},
    {"certificates", "is another program's word; type dnsproof status"},
    {"list", "is another program's word; type dnsproof status"},
    {"version", "is an option; type dnsproof --version"},
};

static const char *nearest_command(const char *typed)
{
	const char *names[COMMANDS];
	for (int i = 0; i < COMMANDS; i++)
		names[i] = commands[i].name;
	return nearest_word(typed, names, COMMANDS);
}

static int unknown(const char *what)
{
	const char *near = nearest_command(what);
	for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
		if (strcmp(elsewhere[i].name, what) == 0) {
			fprintf(stderr, "error: dnsproof %s %s\n", what, elsewhere[i].advice);
			return EXIT_USAGE;
		}
	char *shown = str_printable(what, 100);
	if (*what == '-')
		fprintf(stderr,
		        "error: unknown option %s before the command; type dnsproof COMMAND, then its "
		        "options\n",
		        shown);
	else if (near)
		fprintf(stderr, "error: unknown command %s; did you mean %s?\n", shown, near);
	else
		fprintf(stderr, "error: unknown command %s; dnsproof --help lists the commands\n", shown);
	free(shown);
	return EXIT_USAGE;
}

static int run(int (*command)(int argc, char **argv), int argc, char **argv)
{
	int code = command(argc, argv);
	secret_forget();
	return code;
}

static int dispatch(const char *name, int argc, char **argv)
{
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(name, commands[i].name) == 0)
			return run(commands[i].run, argc, argv);
	return unknown(name);
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

static int help(int argc, char **argv)
{
	char *ask[] = {argc > 2 ? argv[2] : NULL, (char *)"--help", NULL};
	if (argc > 2 && !is_help(ask[0]))
		return dispatch(ask[0], 2, ask);
	usage(stdout);
	return EXIT_DONE;
}

static int version(const char *word)
{
	puts(PACKAGE_STRING);
	if (strcmp(word, "-v") != 0 && strcmp(word, "--verbose") != 0)
		return EXIT_DONE;
	puts("state folder of root   " LOCALSTATEDIR "/lib/dnsproof\n"
	     "configuration folder   " SYSCONFDIR "/dnsproof\n"
	     "your descriptors       " SYSCONFDIR "/dnsproof/plugins.d\n"
	     "shipped descriptors    " DATADIR "/dnsproof/plugins.d\n"
	     "provider modules       " PROVIDERDIR "\n"
	     "programs               " BINDIR "\n"
	     "programs they start    " PROGDIR);
	return EXIT_DONE;
}

/* Descriptors 0 to 2 must be taken before anything else is opened. */
static void fill_standard_descriptors(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	fill_standard_descriptors();
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	log_open("dnsproof", LOG_INFO);
	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	const char *first = argv[1];
	if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0)
		return version(argc > 2 ? argv[2] : "");
	if (is_help(first))
		return help(argc, argv);
	return dispatch(first, argc - 1, argv + 1);
}
