/* Users as a person knows them. */
#pragma once

#include <sys/types.h>

/* "sysadm (1001)", or "1001" where the number has no name; new string. */
char *user_name(uid_t uid);
