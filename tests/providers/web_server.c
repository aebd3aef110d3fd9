#include "config.h"

#include "web_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

bool web_server_start(struct web_server *s, const char *folder)
{
	char line[64] = "";
	int in[2], out[2];
	FILE *ports;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return false;
	s->pid = fork();
	if (s->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execlp("python3", "python3", HTTP_PEER, folder, (char *)NULL);
		_exit(99);
	}
	close(in[0]);
	close(out[1]);
	s->input = in[1];
	ports = fdopen(out[0], "r");
	if (fgets(line, sizeof(line), ports) && sscanf(line, "%d %d", &s->port, &s->tls_port) != 2)
		s->port = 0;
	return fclose(ports) == 0 && s->port;
}

void web_server_stop(struct web_server *s)
{
	close(s->input);
	waitpid(s->pid, NULL, 0);
}
