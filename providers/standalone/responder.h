/* The responder that answers DNS questions: a child process of ours, or one that runs already. Requests and
 * answers are JSON lines, one at a time. */
#pragma once

#include "shared/clock.h"
#include "provider.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct responder {
	int fd;    /* -1 = there is none now */
	pid_t pid; /* 0 = it is not our child */
	json_int_t id;
};

enum { WHY_MOST = 1024 };

/* Connects to the UNIX socket at path, or starts the program with these arguments (NULL-terminated, [0] is its
 * name, and --control 3 stands among them). Anything but OK: why says what and what to type. */
enum dnsproof_rc responder_connect(struct responder *r, const char *path, int64_t deadline,
                                   char why[WHY_MOST]);
enum dnsproof_rc responder_start(struct responder *r, char **argv, int64_t deadline, char why[WHY_MOST]);

/* Sends the request (reference stolen) with an id. *answer is a new reference when OK. TEMP: the responder is
 * gone, and closed. */
enum dnsproof_rc responder_ask(struct responder *r, json_t *request, int64_t deadline, json_t **answer,
                               char why[WHY_MOST]);

/* Ends the child. Fine when there is none. */
void responder_close(struct responder *r);

/* Milliseconds, for deadlines. */
