"""Baidu Cloud DNS v1.

https://cloud.baidu.com/doc/DNS/s/El4s7lssr
Lists: marker, isTruncated, nextMarker, maxKeys; filters `rr` (exact) and `name` (contains). Errors: HTTP status and {requestId, code,
message}. rr is relative ("@"). Creating answers 200 without a body's worth: an empty object is not promised, so nothing is sent.
"""
import signed
from fakelib import Answer, Bad, Fake, route

CODES = {400: "BadRequest", 401: "InvalidAccessKeyId", 403: "AccessDenied", 404: "NoSuchZone", 409: "Conflict", 422: "BadRequest",
         429: "RequestLimitExceeded", 500: "InternalError"}


class Api(Fake):
    hosts = ("dns.baidubce.com",)
    creds = {"id": "0b0f67baiduexample", "secret": "canary-baidu-Vv2Cc4Xx6Zz8"}
    page_most = 1000

    def auth(self, q):
        return signed.bce1(q, self.creds["id"], self.creds["secret"])

    def error(self, status, words, code=None):
        return status, {"requestId": "ab1", "code": code or CODES.get(status, "Error"), "message": words}

    def quota(self, words):
        return self.error(400, words, "QuotaExceeded")

    def listed(self, q, key, items):
        start = int((q.query.get("marker") or "m0")[1:])
        n = self.page_size(q.query.get("maxKeys", 1000))
        more = start + n < len(items)
        answer = {"marker": q.query.get("marker", ""), "maxKeys": n, "isTruncated": more, key: items[start:start + n]}
        return {**answer, "nextMarker": f"m{start + n}"} if more else answer

    @route("GET", "/v1/dns/zone")
    def zones_list(self, q):
        return self.listed(q, "zones", [{"id": f"zone-{z.id}", "name": z.name, "status": "running", "productVersion": "free"}
                                        for z in self.store.zones.values() if q.query.get("name", "") in z.name])

    @route("GET", "/v1/dns/zone/{zone}/record")
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return self.listed(q, "records", [{"id": str(r.id), "rr": zone.relative(r.name), "type": r.type, "value": r.value, "ttl": r.ttl,
                                           "line": "default", "status": "running"} for r in zone.records
                                          if q.query.get("rr") in (None, zone.relative(r.name))])

    @route("POST", "/v1/dns/zone/{zone}/record")
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        name = zone.absolute(body["rr"])
        if not isinstance(body.get("ttl", 300), int) or not 300 <= body.get("ttl", 300):
            return self.error(400, "ttl")
        if zone.find(name, body["type"], body["value"]):
            return self.error(409, "the record exists", "RecordAlreadyExist")
        zone.add(name, body["type"], body["value"], body.get("ttl", 300))
        return Answer(200, b"", None)

    @route("DELETE", "/v1/dns/zone/{zone}/record/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        try:
            zone.remove(self.record(zone, q.args["id"]))
        except Bad:
            return self.error(404, "no such record", "NoSuchRecord")
        return Answer(200, b"", None)
