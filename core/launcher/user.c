#include "config.h"

#include "launcher/user.h"

#include <pwd.h>

#include "common/mem.h"

char *user_name(uid_t uid)
{
	const struct passwd *user = getpwuid(uid);
	if (user)
		return xasprintf("%s (%lu)", user->pw_name, (unsigned long)uid);
	return xasprintf("%lu", (unsigned long)uid);
}
