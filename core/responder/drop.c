#define _GNU_SOURCE
#include "config.h"

#include "responder/drop.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "common/sanitized.h"

void drop_dumps(void)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef SANITIZED /* its leak check traces the process */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
#endif
}

static bool capabilities_drop(struct err *e)
{
#ifdef __linux__
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {0};

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &head, none) == 0)
		return true;
	return err_set(e, "cannot give up capabilities: %s", strerror(errno));
#else
	return true;
#endif
}

bool drop_root(const char *user, struct err *e)
{
	const struct passwd *to = getpwnam(user ? user : "dnsproof");

	if (geteuid() != 0)
		return capabilities_drop(e);
	if (!to && !user)
		to = getpwnam("nobody");
	if (!to)
		return err_set(e, "there is no user %s; useradd --system %s makes it", user ? user : "nobody",
		               user ? user : "dnsproof");
	/* Group list and user fail with EPERM and EINVAL in a namespace that maps root alone. */
	if (setgroups(0, NULL) < 0 && errno != EPERM)
		return err_set(e, "cannot give up groups: %s", strerror(errno));
	if (setresgid(to->pw_gid, to->pw_gid, to->pw_gid) == 0 &&
	    setresuid(to->pw_uid, to->pw_uid, to->pw_uid) == 0) {
		drop_dumps();
		return true;
	}
	if (errno != EINVAL)
		return err_set(e, "cannot become user %s: %s", to->pw_name, strerror(errno));
	return capabilities_drop(e);
}
