"""JD Cloud DNS (domainservice v2).

https://docs.jdcloud.com/en/jd-cloud-dns/api/overview
Answers are {requestId, result, error}, where an error with code 0 is none; others are {code, status, message}, with the HTTP status.
`search` and `domainName` contain. hostRecord is relative ("@"). The made record stands in result.dataList as an object.
"""
import signed
from fakelib import Fake, route

BASE = "/v2/regions/cn-north-1/domain"
STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 409: "ALREADY_EXISTS",
          422: "INVALID_ARGUMENT", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL"}


class Api(Fake):
    hosts = ("domainservice.jdcloud-api.com",)
    creds = {"id": "JDC0EXAMPLE99AA", "secret": "canary-jdcloud-Bb5Nn7Mm1Qw"}
    page_most = 99

    def auth(self, q):
        return signed.jdcloud2(q, self.creds["id"], self.creds["secret"], "cn-north-1", "domainservice")

    def error(self, status, words):
        return status, {"requestId": "bq1", "error": {"code": status, "status": STATUS.get(status, "UNKNOWN"), "message": words}}

    def quota(self, words):
        return 400, {"requestId": "bq1", "error": {"code": 400, "status": "QUOTA_EXCEEDED", "message": words}}

    def good(self, result):
        return {"requestId": "bq2", "result": result, "error": {"code": 0, "status": "", "message": ""}}

    def listed(self, q, items):
        part, pages = self.page(items, q.query["pageNumber"], q.query["pageSize"])
        return self.good({"dataList": part, "currentCount": len(part), "totalCount": len(items), "totalPage": pages})

    @route("GET", BASE)
    def domains(self, q):
        return self.listed(q, [{"id": z.id, "domainName": z.name, "packId": 0, "lockStatus": 0} for z in self.store.zones.values()
                               if q.query.get("domainName", "") in z.name])

    @route("GET", BASE + "/{id}/ResourceRecord")
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        return self.listed(q, [{"id": r.id, "hostRecord": zone.relative(r.name), "hostValue": r.value, "type": r.type, "ttl": r.ttl,
                                "viewValue": [-1], "resolvingStatus": "2"} for r in zone.records
                               if q.query.get("search", "") in zone.relative(r.name) + " " + r.value])

    @route("POST", BASE + "/{id}/ResourceRecord")
    def create(self, q):
        zone, req = self.zone_by_id(q.args["id"]), q.json["req"]
        name = zone.absolute(req["hostRecord"])
        if req["viewValue"] != -1 or not isinstance(req["ttl"], int):
            return self.error(400, "viewValue and ttl")
        if zone.find(name, req["type"], req["hostValue"]):
            return self.error(409, "the record exists")
        r = zone.add(name, req["type"], req["hostValue"], req["ttl"])
        return self.good({"dataList": {"id": r.id, "hostRecord": req["hostRecord"], "hostValue": r.value, "type": r.type, "ttl": r.ttl}})

    @route("DELETE", BASE + "/{id}/ResourceRecord/{record}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["record"]))
        return self.good(None)
