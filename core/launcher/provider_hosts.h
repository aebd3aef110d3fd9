/* The provider hosts of a run: started on the engine's request with the policy and the secrets of one
 * DNS account, their stderr read, their end reported. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "common/loop.h"
#include "launcher/job.h"

struct provider_hosts;

/* job is borrowed; lock: the run's lock file, which each host holds. died is called once a host. */
struct provider_hosts *
provider_hosts_new(struct loop *l, const struct job *job, int lock, unsigned verbose,
                   void (*died)(void *arg, int host, const char *how, const char *last), void *arg);
void provider_hosts_free(struct provider_hosts *h); /* all must be dead; NULL allowed */

/* Starts a host: its number (> 0), *fd = our end of its standard input and output, owned by the
 * caller. 0 with e. */
int provider_hosts_start(struct provider_hosts *h, const char *account, int *fd, struct err *e);

void provider_hosts_kill(struct provider_hosts *h, int host); /* unknown numbers are ignored */
void provider_hosts_kill_all(struct provider_hosts *h);
void provider_hosts_reap(struct provider_hosts *h); /* after SIGCHLD */
size_t provider_hosts_alive(const struct provider_hosts *h);
