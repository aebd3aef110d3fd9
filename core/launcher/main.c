#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"
#include "launcher/cmd.h"
#include "launcher/exit_code.h"
#include "launcher/secret.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
    {"issue", cmd_issue, "NAME...   get one certificate now"},
    {"clean", cmd_clean, "          remove TXT records that killed runs left behind"},
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

static int unknown(const char *what)
{
	fprintf(stderr, "error: unknown %s %.100s; dnsproof --help lists the commands\n",
	        *what == '-' ? "option" : "command", what);
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

static int help(int argc, char **argv)
{
	char *ask[] = {argc > 2 ? argv[2] : NULL, (char *)"--help", NULL};
	if (argc > 2)
		return dispatch(ask[0], 2, ask);
	usage(stdout);
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
	if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0) {
		puts(PACKAGE_STRING);
		return EXIT_DONE;
	}
	if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0 || strcmp(first, "help") == 0)
		return help(argc, argv);
	return dispatch(first, argc - 1, argv + 1);
}
