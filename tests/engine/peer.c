#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer.h"

void peer_start(struct peer *p, const char *script, const char *arg)
{
	char path[4096];
	int in[2], out[2];
	FILE *said;

	snprintf(path, sizeof(path), "%s/%s", TESTDIR, script);
	if (pipe(in) != 0 || pipe(out) != 0)
		abort();
	p->pid = fork();
	if (p->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[0]);
		close(in[1]);
		close(out[0]);
		close(out[1]);
		execlp("python3", "python3", path, arg, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	fcntl(in[1], F_SETFD, FD_CLOEXEC);
	p->input = in[1];
	said = fdopen(out[0], "r");
	if (!said || fscanf(said, "%d", &p->port) != 1) {
		fprintf(stderr, "%s does not start: python3 and openssl are needed\n", script);
		exit(99);
	}
	fclose(said);
}

void peer_stop(struct peer *p)
{
	close(p->input);
	waitpid(p->pid, NULL, 0);
}
