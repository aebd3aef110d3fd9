"""Alibaba Cloud DNS (2015-01-09) and ESA (2024-09-10), RPC style.

https://www.alibabacloud.com/help/en/dns/api-alidns-2015-01-09-overview
https://www.alibabacloud.com/help/en/edge-security-acceleration/esa/api-esa-2024-09-10-overview
Parameters stand in the query. Errors have an HTTP status and {RequestId, Code, Message}. A nonce counts once. DescribeSubDomainRecords
lists exactly one name; equal records are refused (DomainRecordDuplicate). ESA: names are whole, Data is a JSON text.
"""
import json

import signed
from fakelib import Bad, Fake, answer_of, route

CODES = {400: "InvalidParameter", 401: "InvalidAccessKeyId.NotFound", 403: "Forbidden.RAM", 404: "InvalidDomainName.NoExist",
         409: "Conflict", 422: "UnprocessableEntity", 429: "Throttling.User", 500: "InternalError"}


class Coded(Bad):
    def __init__(self, code, words="no words", status=400):
        super().__init__(words, status)
        self.code = code


class Alibaba(Fake):
    creds = {"id": "LTAI5tAlibabaExample01", "secret": "canary-alibaba-Zt6wN1oPq4Rs8u"}

    def auth(self, q):
        return signed.acs3(q, self.creds["id"], self.creds["secret"])

    def denied(self, q):
        return self.error(403, "Specified signature does not match our calculation", "SignatureDoesNotMatch")

    def error(self, status, words, code=None):
        return status, {"RequestId": "E-1", "HostId": "x", "Code": code or CODES.get(status, "Error"), "Message": words, "Recommend": "-"}

    def quota(self, words):
        return self.error(400, words, "QuotaExceeded.Record")

    def limited(self, words, after):
        return answer_of(self.error(400, words, "Throttling.User"))

    def do(self, q, reads):
        action = getattr(self, q.headers.get("x-acs-action") or "", None)
        if q.headers.get("x-acs-version") != self.version or not action:
            return self.error(404, "Specified api is not found", "InvalidAction.NotFound")
        try:
            return {"RequestId": "536E9CAD-DB30-4647", **action(q.params)}
        except Coded as e:
            return self.error(e.status, str(e), e.code)

    @route("GET", "/")
    def get(self, q):
        return self.do(q, True)

    @route("POST", "/")
    def post(self, q):
        return self.do(q, False)

    def paged(self, p, items):
        number, size = int(p.get("PageNumber", 1)), self.page_size(p.get("PageSize", 20))
        return self.page(items, number, size)[0], {"TotalCount": len(items), "PageNumber": number, "PageSize": size}


class Dns(Alibaba):
    hosts = ("alidns.aliyuncs.com",)
    version, page_most = "2015-01-09", 500

    def domain(self, p):
        if p["DomainName"] not in self.store.zones:
            raise Coded("InvalidDomainName.NoExist", "The specified domain name does not exist.")
        return self.store.zones[p["DomainName"]]

    def DescribeDomainInfo(self, p):
        zone = self.domain(p)
        return {"DomainId": f"{zone.id}", "DomainName": zone.name}

    def DescribeSubDomainRecords(self, p):
        zone = self.domain(p)
        found = zone.find(p["SubDomain"].lower(), p.get("Type"))
        part, counts = self.paged(p, found)
        return {**counts, "DomainRecords": {"Record": [
            {"RecordId": str(r.id), "RR": zone.relative(r.name), "DomainName": zone.name, "Type": r.type, "Value": r.value, "TTL": r.ttl,
             "Line": "default", "Status": "ENABLE", "Locked": False} for r in part]}}

    def AddDomainRecord(self, p):
        zone = self.domain(p)
        name, ttl = zone.absolute(p["RR"]), int(p.get("TTL", 600))
        if zone.find(name, p["Type"], p["Value"]):
            raise Coded("DomainRecordDuplicate", "The DNS record already exists.")
        if not 600 <= ttl <= 86400:
            raise Coded("IllegalTTL", "ttl")
        return {"RecordId": str(zone.add(name, p["Type"], p["Value"], ttl).id)}

    def DeleteDomainRecord(self, p):
        try:
            zone, record = self.record_anywhere(p["RecordId"])
        except Bad:
            raise Coded("DomainRecordNotBelongToUser", "The DNS record does not belong to this account.")
        zone.remove(record)
        return {"RecordId": p["RecordId"]}


class Esa(Alibaba):
    hosts = ("esa.cn-hangzhou.aliyuncs.com",)
    version, page_most = "2024-09-10", 500

    def site(self, p):
        try:
            return self.zone_by_id(p["SiteId"])
        except Bad:
            raise Coded("Site.NotFound", "The site does not exist.", 404)

    def ListSites(self, p):
        name = p.get("SiteName", "")
        match = {"exact": lambda n: n == name, "suffix": lambda n: n.endswith(name), "prefix": lambda n: n.startswith(name),
                 "fuzzy": lambda n: name in n}[p.get("SiteSearchType", "fuzzy")]
        part, counts = self.paged(p, [z for z in self.store.zones.values() if match(z.name)])
        return {**counts, "Sites": [{"SiteId": z.id, "SiteName": z.name, "Status": "active", "AccessType": "NS"} for z in part]}

    def ListRecords(self, p):
        zone, name = self.site(p), p.get("RecordName", "")
        exact = p.get("RecordMatchType", "fuzzy") == "exact"
        part, counts = self.paged(p, [r for r in zone.records if (r.name == name if exact else name in r.name) and p.get("Type") in (None, r.type)])
        return {**counts, "Records": [{"RecordId": r.id, "RecordName": r.name, "RecordType": r.type, "Ttl": r.ttl, "SiteId": zone.id,
                                       "SiteName": zone.name, "Data": {"Value": r.value}} for r in part]}

    def CreateRecord(self, p):
        zone, ttl, value = self.site(p), int(p.get("Ttl", 1)), json.loads(p["Data"])["Value"]
        if ttl != 1 and not 30 <= ttl <= 86400:
            raise Coded("InvalidTtl", "ttl")
        if zone.find(p["RecordName"], p["Type"], value):
            raise Coded("Record.AlreadyExists", "the record exists")
        return {"RecordId": zone.add(p["RecordName"], p["Type"], value, ttl).id}

    def DeleteRecord(self, p):
        try:
            zone, record = self.record_anywhere(p["RecordId"])
        except Bad:
            raise Coded("Record.NotFound", "no such record", 404)
        zone.remove(record)
        return {}
