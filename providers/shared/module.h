/* The part of a module's table that all modules fill alike. */
#pragma once

#include "provider.h"

/* Who it is, with the options in `options`. */
#define MODULE(name_, summary_, url_)                                                                        \
	DNSPROOF_PROVIDER_HEAD, .name = name_, .summary = summary_, .url = url_, .options = options

/* The calls that a module with a store of records has, each a function of the call's name. */
#define MODULE_CALLS .add = add, .del = del, .check = check, .list = list
