/* The calls of a provider whose API has records with ids, over its `cloud`. */
#pragma once

#include "cloud.h"

enum dnsproof_rc records_add(struct dnsproof_txt_call *c);
enum dnsproof_rc records_del(struct dnsproof_txt_call *c);
enum dnsproof_rc records_list(struct dnsproof_list_call *c);
enum dnsproof_rc records_check(struct dnsproof_check_call *c);

/* What the tables of these modules have in common. */
#define RECORDS_CALLS                                                                                        \
	.replaces = DNSPROOF_RECORD, .add = records_add, .del = records_del, .check = records_check,         \
	.list = records_list, .uses_http = 1
