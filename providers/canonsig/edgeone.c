#include "tencent.h"

#define URL "https://teo.tencentcloudapi.com"

const struct cloud cloud = {
    TENCENT_CALLS(URL, "teo", "2022-09-01"),
    .find_zone = {.action = "DescribeZones",
                  .body = "{'Offset': '#seen', 'Limit': 100, "
                          "'Filters': [{'Name': 'zone-name', 'Values': ['$zone']}]}"},
    .zones = {.list = "Zones", .total = "TotalCount"},
    .zone = {.name = "ZoneName", .id = "ZoneId"},
    .record_calls.list = {.action = "DescribeDnsRecords",
                          .body = "{'ZoneId': '$zone_id', 'Offset': '#seen', 'Limit': 100, "
                                  "'Filters': [{'Name': 'name', 'Values': ['$name']}, "
                                  "{'Name': 'type', 'Values': ['TXT']}]}"},
    .records = {.list = "DnsRecords", .total = "TotalCount"},
    .record = {.name = "Name", .type = "Type", .id = "RecordId", .value = "Content"},
    .record_calls.create = {.action = "CreateDnsRecord",
                            .body = "{'ZoneId': '$zone_id', 'Name': '$name', 'Type': 'TXT', "
                                    "'Content': '$value', 'TTL': '#ttl'}",
                            .fine = "InvalidParameterValue.ConflictRecord"},
    .record_calls.remove = {.action = "DeleteDnsRecords",
                            .body = "{'ZoneId': '$zone_id', 'RecordIds': ['$id']}",
                            .fine = "ResourceNotFound.RecordNotFound"},
    .whole_names = 1,
};

static const struct dnsproof_option options[] = {
    TENCENT_OPTIONS("EDGEONE_SECRET_ID", "EDGEONE_SECRET_KEY",
                    "teo:DescribeZones, DescribeDnsRecords, CreateDnsRecord and DeleteDnsRecords on "
                    "qcs::teo::uin/UIN:zone/ZONEID alone",
                    URL),
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("edgeone", "Tencent EdgeOne", "https://edgeone.ai/document/50454"),
    .limits = {.least_ttl = 60, .requests_per_minute = 600},
    RECORDS_CALLS,
};
