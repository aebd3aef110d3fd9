/* The calls of a provider whose API has records with ids, over its `cloud`. */
#pragma once

#include "cloud.h"

enum dnsproof_rc records_add(struct dnsproof_txt_call *c);
enum dnsproof_rc records_del(struct dnsproof_txt_call *c);
enum dnsproof_rc records_list(struct dnsproof_list_call *c);

#define RECORDS_CALLS CLOUD_CALLS(DNSPROOF_RECORD, records_add, records_del, records_list)
