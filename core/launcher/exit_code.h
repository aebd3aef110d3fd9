/* Exit codes of dnsproof (dnsproof(8), EXIT STATUS); a signal that ended a run ends the launcher too. */
#pragma once

enum exit_code {
	EXIT_DONE = 0,    /* done, or nothing due */
	EXIT_FAILED = 1,  /* something failed in this run */
	EXIT_USAGE = 2,   /* usage or configuration; nothing was begun */
	EXIT_NOT_DUE = 3, /* issue: a certificate is there and not due */
	EXIT_BUSY = 4,    /* another run works on it */
	EXIT_OWED = 5,    /* the certificate is right, a clean-up is still owed */
	EXIT_MEMORY = 70, /* out of memory */
};
