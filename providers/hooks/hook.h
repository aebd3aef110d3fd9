/* What the adapters to hooks of other ACME clients share. */
#pragma once

#include "program/command.h"
#include "program/settings.h"

/* The last options of both. */
#define HOOK_OPTIONS                                                                                         \
	{"plain_names", DNSPROOF_BOOL, NULL, "no",                                                           \
	 "yes: the hook writes at the domain itself where a name has no _acme-challenge"},                   \
	    SETTINGS_OPTIONS,                                                                                \
	{                                                                                                    \
		0                                                                                            \
	}

/* What an unknown program writes is unknown: the worst of it. */
#define HOOK_CALLS .replaces = DNSPROOF_ZONE, .flags = DNSPROOF_STARTS_PROGRAMS, .check = hook_check_name

/* The owner without its _acme-challenge, which hooks put in front again. An owner that has none (the
 * target of a CNAME) gives NULL, and INVALID is said, unless option plain_names allows it. Borrowed. */
const char *hook_domain(const struct dnsproof_call *call, const char *owner);

/* For `check`: can the hook write there at all? */
enum dnsproof_rc hook_check_name(struct dnsproof_check_call *c);

/* PATH, HOME, LANG, DNSPROOF_ZONE, DNSPROOF_NAME and the operator's variables. */
enum dnsproof_rc hook_environment(struct command *c, const struct dnsproof_txt *txt);
