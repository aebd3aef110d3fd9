/* The subcommands: each gets argv from its own name on and returns the exit code. */
#pragma once

int cmd_issue(int argc, char **argv);
int cmd_clean(int argc, char **argv);
int cmd_providers(int argc, char **argv);
