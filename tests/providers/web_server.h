/* http_peer.py as a child of the test. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct web_server {
	pid_t pid;
	int input; /* it ends when this is closed */
	int port, tls_port;
};

/* Writes FOLDER/ca.pem, which signs the TLS port's certificate. */
bool web_server_start(struct web_server *s, const char *folder);
void web_server_stop(struct web_server *s);
