/* The session: login, server's clock, what is prepared once a process. */
#pragma once

#include "run.h"

/* Makes it if it is not there. A code of enum dnsproof_rc. */
int login_ready(struct run *r);

void login_end(struct run *r); /* logout; failures do not matter */
