/* What the process does to itself before code of a module is loaded. */
#pragma once

/* Keeps secrets in: no core dump, not to be traced, no privileges by exec, umask 077. */
void guard_process(void);

/* Ignores INT, TERM, HUP and PIPE (the end is end of file), SIGCHLD and SIGALRM as usual. */
void guard_signals(void);

/* Moves standard input and output to private descriptors (close-on-exec) and puts /dev/null on 0 and
 * standard error on 1, so that a module that prints or reads harms nobody. */
void guard_stdio(int *in, int *out);
