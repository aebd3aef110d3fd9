#include "config.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "common/buf.h"
#include "common/io.h"
#include "common/log.h"
#include "keeper/request.h"
#include "keeper/setup.h"

enum { ENGINE_FD = 3, SETUP_FD = 4 };

#define SETUP_MOST ((size_t)64 * 1024 * 1024)

static void harden(void)
{
	struct rlimit none = {0, 0};

	umask(077);
	setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef TEST_HOOKS
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
#endif
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is an error of the pair that is written */
}

static struct setup *read_setup(int fd, struct err *e)
{
	struct setup *setup = NULL;
	struct buf b;

	buf_init(&b, SETUP_MOST);
	if (io_read(fd, &b))
		setup = setup_parse(b.data ? b.data : "", b.len, e);
	else if (errno == EFBIG)
		err_set(e, "setup document: more than %zu octets", SETUP_MOST);
	else
		err_set(e, "setup document: %s", strerror(errno));
	buf_wipe(&b); /* may hold the keys of external account bindings */
	return setup;
}

int main(void)
{
	struct requests *requests;
	struct setup *setup;
	struct loop *loop;
	struct err e;

	log_open("dnsproof-keeper", LOG_WARN);
	harden();
	OPENSSL_init_crypto(
	    OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ATEXIT, NULL);
	setup = read_setup(SETUP_FD, &e);
	if (!setup) {
		log_error("%s", e.text);
		return 2;
	}
	close(SETUP_FD);
	loop = loop_new();
	requests = requests_new(loop, ENGINE_FD, setup);
	loop_run(loop);
	requests_free(requests);
	loop_free(loop);
	setup_free(setup);
	return 0;
}
