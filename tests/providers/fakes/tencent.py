"""Tencent Cloud API 3.0: DNSPod (2021-03-23) and EdgeOne (2022-09-01).

https://www.tencentcloud.com/document/product/1278/46695        requests, answers, common error codes
https://cloud.tencent.com/document/api/1427/56166               DNSPod: DescribeRecordList, CreateRecord, DeleteRecord, DescribeDomain
https://edgeone.ai/document/50454                               EdgeOne: DescribeZones, DescribeDnsRecords, CreateDnsRecord, ...
Every answer has HTTP 200 and an object "Response"; an error is Response.Error. A list of records that would be empty is the error
ResourceNotFound.NoDataOfRecord in DNSPod. Equal records are refused. Names are relative ("@") in DNSPod, whole in EdgeOne.
"""
import signed
from fakelib import Bad, Fake, route

CODES = {400: "InvalidParameter", 401: "AuthFailure.SignatureFailure", 403: "UnauthorizedOperation", 404: "ResourceNotFound",
         409: "ResourceInUse", 422: "InvalidParameterValue", 429: "RequestLimitExceeded", 500: "InternalError"}


class Coded(Bad):
    def __init__(self, code, words="no words"):
        super().__init__(words, 400)
        self.code = code


class Tencent(Fake):
    creds = {"id": "AKIDtencentexample0f1e2d", "secret": "canary-tencent-7Yk2pQ9vXw3Lr8"}

    def auth(self, q):
        return signed.tc3(q, self.creds["id"], self.creds["secret"], self.service)

    def error(self, status, words, code=None):
        return 200, {"Response": {"Error": {"Code": code or CODES.get(status, "FailedOperation"), "Message": words}, "RequestId": "r-1"}}

    def quota(self, words):
        return self.error(400, words, "LimitExceeded.RecordTtlLimit")

    @route("POST", "/")
    def call(self, q):
        if q.headers.get("X-TC-Version") != self.version:
            return self.error(400, "The Version is not supported", "NoSuchVersion")
        action = getattr(self, q.headers.get("X-TC-Action") or "", None)
        if not action:
            return self.error(400, "no such action", "InvalidAction")
        try:
            return {"Response": {**action(q.json), "RequestId": "5f1c0a2e-6c1d-4f0b"}}
        except Coded as e:
            return self.error(400, str(e), e.code)

    def slice(self, items, body, default):
        offset, n = body.get("Offset", 0), self.page_size(body.get("Limit", default))
        if not isinstance(offset, int) or not isinstance(body.get("Limit", 1), int):
            raise Coded("InvalidParameter", "Offset and Limit are numbers")
        return items[offset:offset + n]


class Dnspod(Tencent):
    hosts = ("dnspod.tencentcloudapi.com",)
    service, version, page_most = "dnspod", "2021-03-23", 3000

    def domain(self, body):
        if body["Domain"] not in self.store.zones:
            raise Coded("InvalidParameterValue.DomainNotExists", "the domain is not in this account")
        return self.store.zones[body["Domain"]]

    def DescribeDomain(self, body):
        zone = self.domain(body)
        return {"DomainInfo": {"DomainId": zone.id, "Domain": zone.name, "Status": "ENABLE"}}

    def DescribeRecordList(self, body):
        zone = self.domain(body)
        found = [r for r in zone.records if body.get("Subdomain") in (None, zone.relative(r.name)) and body.get("RecordType") in (None, r.type)]
        if not found:
            raise Coded("ResourceNotFound.NoDataOfRecord", "the list of records is empty")
        part = self.slice(found, body, 100)
        return {"RecordCountInfo": {"SubdomainCount": len(found), "ListCount": len(part), "TotalCount": len(found)}, "RecordList": [
            {"RecordId": r.id, "Name": zone.relative(r.name), "Type": r.type, "Value": r.value, "TTL": r.ttl, "Line": "默认", "LineId": "0",
             "Status": "ENABLE", "MX": 0} for r in part]}

    def CreateRecord(self, body):
        zone, name = self.domain(body), None
        name = zone.absolute(body.get("SubDomain", "@"))
        if not body["RecordLine"] or not 1 <= body.get("TTL", 600) <= 604800:
            raise Coded("InvalidParameter.RecordLineInvalid", "line or ttl")
        if zone.find(name, body["RecordType"], body["Value"]):
            raise Coded("InvalidParameter.DomainRecordExist", "the record exists")
        return {"RecordId": zone.add(name, body["RecordType"], body["Value"], body.get("TTL", 600)).id}

    def DeleteRecord(self, body):
        zone = self.domain(body)
        if not isinstance(body["RecordId"], int):
            raise Coded("InvalidParameter", "RecordId is a number")
        for r in zone.find(id=body["RecordId"]):
            zone.remove(r)
            return {}
        raise Coded("InvalidParameter.RecordIdInvalid", "the record does not exist")


class Edgeone(Tencent):
    hosts = ("teo.tencentcloudapi.com",)
    service, version, page_most = "teo", "2022-09-01", 1000

    def zone_id(self, name, number):
        return f"zone-{number:x}abcdef"

    def filtered(self, body):
        return {f["Name"]: f["Values"] for f in body.get("Filters", [])}

    def DescribeZones(self, body):
        names = self.filtered(body).get("zone-name")
        found = [z for z in self.store.zones.values() if not names or z.name in names]
        return {"TotalCount": len(found), "Zones": [{"ZoneId": z.id, "ZoneName": z.name, "Status": "active", "Type": "full"}
                                                    for z in self.slice(found, body, 20)]}

    def found_zone(self, body):
        for zone in self.store.zones.values():
            if zone.id == body["ZoneId"]:
                return zone
        raise Coded("UnauthorizedOperation.NoPermission", "no such zone")

    def DescribeDnsRecords(self, body):
        zone, filters = self.found_zone(body), self.filtered(body)
        found = [r for r in zone.records if r.name in filters.get("name", [r.name]) and r.type in filters.get("type", [r.type])]
        return {"TotalCount": len(found), "DnsRecords": [
            {"ZoneId": zone.id, "RecordId": f"record-{r.id}", "Name": r.name, "Type": r.type, "Content": r.value, "TTL": r.ttl,
             "Location": "Default", "Weight": -1, "Priority": 0, "Status": "enable"} for r in self.slice(found, body, 20)]}

    def CreateDnsRecord(self, body):
        zone = self.found_zone(body)
        if not 60 <= body.get("TTL", 300) <= 86400:
            raise Coded("InvalidParameterValue", "TTL")
        if zone.find(body["Name"], body["Type"], body["Content"]):
            raise Coded("InvalidParameterValue.ConflictRecord", "the record exists")
        return {"RecordId": f"record-{zone.add(body['Name'], body['Type'], body['Content'], body.get('TTL', 300)).id}"}

    def DeleteDnsRecords(self, body):
        zone = self.found_zone(body)
        if not isinstance(body["RecordIds"], list):
            raise Coded("InvalidParameter", "RecordIds is a list")
        for id in body["RecordIds"]:
            for r in zone.find(id=id[len("record-"):]):
                zone.remove(r)
        return {}
