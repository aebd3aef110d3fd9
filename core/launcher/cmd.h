/* The subcommands: each gets argv from its own name on and returns the exit code. */
#pragma once

#include <stdbool.h>

int cmd_issue(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_remove(int argc, char **argv);
int cmd_revoke(int argc, char **argv);
int cmd_renew(int argc, char **argv);
int cmd_ca(int argc, char **argv);
int cmd_clean(int argc, char **argv);
int cmd_config(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_dns(int argc, char **argv);
int cmd_providers(int argc, char **argv);

/* `providers new NAME`: starts a descriptor, or a module in C, with a case for the conformance kit. */
int cmd_providers_new(const char *name, bool native);
