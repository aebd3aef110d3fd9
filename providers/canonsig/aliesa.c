#include "alibaba.h"

#define URL "https://esa.cn-hangzhou.aliyuncs.com"

const struct cloud cloud = {
    ALIBABA_CALLS(URL, "2024-09-10"),
    .find_zone = {"GET", "ListSites",
                  .query = "SiteName=$zone&SiteSearchType=exact&PageSize=500&PageNumber=$page"},
    .zones = {.list = "Sites", .total = "TotalCount"},
    .zone = {.name = "SiteName", .id = "SiteId"},
    .record_calls = {{"GET", "ListRecords",
                      .query = "SiteId=$zone_id&RecordName=$name&RecordMatchType=exact&Type=TXT&PageSize=500"
                               "&PageNumber=$page"},
                     {"POST", "CreateRecord",
                      "SiteId=$zone_id&RecordName=$name&Type=TXT&Ttl=$ttl&Data={\"Value\":\"$value\"}",
                      .fine = "Record.AlreadyExists"},
                     {"POST", "DeleteRecord", .query = "RecordId=$id", .fine = "Record.NotFound"}},
    .records = {.list = "Records", .total = "TotalCount"},
    .record = {.name = "RecordName", .type = "RecordType", .id = "RecordId", .value = "Data.Value"},
    .whole_names = 1,
};

static const struct dnsproof_option options[] = {
    ALIBABA_OPTIONS("ALIESA_ACCESS_KEY", "ALIESA_SECRET_KEY",
                    "esa:ListSites, ListRecords, CreateRecord and DeleteRecord on the site alone"),
    CLOUD_ENDPOINT(" (outside China https://esa.ap-southeast-1.aliyuncs.com), " URL),
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("aliesa", "Alibaba Cloud ESA",
           "https://www.alibabacloud.com/help/en/edge-security-acceleration/esa/api-esa-2024-09-10-overview"),
    .limits = {.least_ttl = 30},
    RECORDS_CALLS,
};
