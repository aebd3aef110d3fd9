"""Volcano Engine TrafficRoute DNS, 2018-08-01.

https://www.volcengine.com/docs/6758/155086
Lists are GET with parameters in the query, changes POST with JSON; Action and Version stand in the query always. Errors have an HTTP
status and ResponseMetadata.Error. Hosts are relative ("@"). SearchMode "like" contains.
"""
import signed
from fakelib import Bad, Fake, route

CODES = {400: "InvalidParameter", 401: "InvalidCredential", 403: "AccessDenied", 404: "ErrZoneNotFound", 409: "Conflict",
         422: "InvalidParameter", 429: "FlowLimitExceeded", 500: "InternalError"}


class Coded(Bad):
    def __init__(self, code, words="no words"):
        super().__init__(words, 400)
        self.code = code


class Api(Fake):
    hosts = ("open.volcengineapi.com",)
    creds = {"id": "AKLTvolcexample0123", "secret": "canary-volcengine-Hh3Jd8Kf0Lz"}
    page_most = 500

    def auth(self, q):
        return signed.volc(q, self.creds["id"], self.creds["secret"], "cn-beijing", "dns")

    def error(self, status, words, code=None):
        return status, {"ResponseMetadata": {"RequestId": "2020", "Error": {"CodeN": 100, "Code": code or CODES.get(status, "Error"),
                                                                            "Message": words}}}

    def quota(self, words):
        return self.error(400, words, "ErrRecordCountLimit")

    def do(self, q, params):
        action = getattr(self, q.query["Action"], None)
        if not action or q.query["Version"] != "2018-08-01":
            return self.error(404, "no such action", "InvalidActionOrVersion")
        try:
            return {"ResponseMetadata": {"RequestId": "202012", "Action": q.query["Action"], "Version": "2018-08-01", "Service": "dns",
                                         "Region": "cn-beijing"}, "Result": action(params)}
        except Coded as e:
            return self.error(400, str(e), e.code)

    @route("GET", "/")
    def get(self, q):
        return self.do(q, q.query)

    @route("POST", "/")
    def post(self, q):
        return self.do(q, q.json)

    def zid(self, value):
        try:
            return self.zone_by_id(value)
        except Bad:
            raise Coded("ErrZoneNotFound", "zone not found")

    def ListZones(self, p):
        key = p.get("Key", "")
        found = [z for z in self.store.zones.values() if (z.name == key if p.get("SearchMode") == "exact" else key in z.name)]
        part, _ = self.page(found, p.get("PageNumber"), p.get("PageSize", 10))
        return {"Total": len(found), "Zones": [{"ZID": z.id, "ZoneName": z.name, "RecordCount": len(z.records)} for z in part]}

    def ListRecords(self, p):
        zone, host = self.zid(p["ZID"]), p.get("Host")
        exact = p.get("SearchMode") == "exact"
        found = [r for r in zone.records if p.get("Type") in (None, r.type)
                 and (host is None or (zone.relative(r.name) == host if exact else host in zone.relative(r.name)))]
        part, _ = self.page(found, p.get("PageNumber"), p.get("PageSize", 100))
        return {"TotalCount": len(found), "PageNumber": 1, "PageSize": 100, "Records": [
            {"RecordID": str(r.id), "Host": zone.relative(r.name), "Type": r.type, "Value": r.value, "TTL": r.ttl, "Line": "default",
             "Enable": True} for r in part]}

    def CreateRecord(self, p):
        if not isinstance(p["ZID"], int):
            raise Coded("InvalidParameter", "ZID is a number")
        zone = self.zid(p["ZID"])
        name = zone.absolute(p["Host"])
        if zone.find(name, p["Type"], p["Value"]):
            raise Coded("ErrRecordAlreadyExists", "the record exists")
        return {"RecordID": str(zone.add(name, p["Type"], p["Value"], p.get("TTL", 600)).id), "ZID": zone.id}

    def DeleteRecord(self, p):
        try:
            zone, record = self.record_anywhere(p["RecordID"])
        except Bad:
            raise Coded("ErrRecordNotFound", "no such record")
        zone.remove(record)
        return {}
