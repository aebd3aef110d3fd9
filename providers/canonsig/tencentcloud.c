#include "tencent.h"

#define URL  "https://dnspod.tencentcloudapi.com"
#define ZONE "'Domain': '$zone', "

const struct cloud cloud = {
    TENCENT_CALLS(URL, "dnspod", "2021-03-23"),
    .find_zone = {.action = "DescribeDomain", .body = "{'Domain': '$zone'}"},
    .record_calls.list = {.action = "DescribeRecordList",
                          .body = "{" ZONE "'Subdomain': '$relative', 'RecordType': 'TXT', "
                                  "'Offset': '#seen', 'Limit': 1000}",
                          .fine = "ResourceNotFound.NoDataOfRecord"},
    /* Line 0 is the default line under all its names. */
    .record_calls.create = {.action = "CreateRecord",
                            .body = "{" ZONE "'SubDomain': '$relative', 'RecordType': 'TXT', "
                                    "'RecordLine': '\xe9\xbb\x98\xe8\xae\xa4', 'RecordLineId': '0', "
                                    "'Value': '$value', 'TTL': '#ttl'}",
                            .fine = "InvalidParameter.DomainRecordExist"},
    .record_calls.remove = {.action = "DeleteRecord",
                            .body = "{" ZONE "'RecordId': '#id'}",
                            .fine = "ResourceNotFound.NoDataOfRecord"},
    .records = {.list = "RecordList", .total = "RecordCountInfo.TotalCount"},
    .record = {.name = "Name", .type = "Type", .id = "RecordId", .value = "Value"},
};

static const struct dnsproof_option options[] = {
    TENCENT_OPTIONS("TENCENTCLOUD_SECRET_ID Tencent_SecretId", "TENCENTCLOUD_SECRET_KEY Tencent_SecretKey",
                    "dnspod:DescribeDomain, DescribeRecordList, CreateRecord and DeleteRecord on "
                    "qcs::dnspod::uin/UIN:domain/DOMAINID alone",
                    URL),
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("tencentcloud", "Tencent Cloud DNS (DNSPod), API 3.0",
           "https://www.tencentcloud.com/document/product/1157/49025"),
    .limits = {.least_ttl = 600, .requests_per_minute = 1200},
    RECORDS_CALLS,
};
