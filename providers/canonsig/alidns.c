#include "alibaba.h"

#define URL "https://alidns.aliyuncs.com"

const struct cloud cloud = {
    ALIBABA_CALLS(URL, "2015-01-09"),
    .find_zone = {"GET", "DescribeDomainInfo", .query = "DomainName=$zone"},
    .record_calls = {{"GET", "DescribeSubDomainRecords",
                      .query = "DomainName=$zone&SubDomain=$name&Type=TXT&PageSize=500&PageNumber=$page"},
                     {"POST", "AddDomainRecord",
                      .query = "DomainName=$zone&RR=$relative&Type=TXT&Value=$value&TTL=$ttl",
                      .fine = "DomainRecordDuplicate"},
                     {"POST", "DeleteDomainRecord", .query = "RecordId=$id",
                      .fine = "DomainRecordNotBelongToUser"}},
    .records = {.list = "DomainRecords.Record", .total = "TotalCount"},
    .record = {.name = "RR", .type = "Type", .id = "RecordId", .value = "Value"},
};

static const struct dnsproof_option options[] = {
    ALIBABA_OPTIONS("ALICLOUD_ACCESS_KEY Ali_Key", "ALICLOUD_SECRET_KEY Ali_Secret",
                    "alidns:DescribeDomainInfo, DescribeSubDomainRecords, AddDomainRecord and "
                    "DeleteDomainRecord on acs:alidns:*:ACCOUNT:domain/ZONE alone"),
    CLOUD_ENDPOINT(" (https://alidns.REGION.aliyuncs.com), " URL),
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("alidns", "Alibaba Cloud DNS",
           "https://www.alibabacloud.com/help/en/dns/api-alidns-2015-01-09-overview"),
    .limits = {.least_ttl = 600},
    RECORDS_CALLS,
};
