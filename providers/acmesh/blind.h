/* What is known of a dnsapi script without running it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Some scripts' NAME_rm removes every value at the name, whatever value it is given. */
enum blind { BLIND_NO, BLIND_YES, BLIND_UNREADABLE, BLIND_NO_FUNCTION };

/* Judges the script by its name and by whether its NAME_rm mentions the second argument at all. */
enum blind blind_judge(const char *path, const char *name);
