"""Derak Cloud API 1.0, DNS records.

https://derak.cloud/faq/
Basic authentication as user "api". Zones are listed by another API on the same host; ids are 32 hexadecimal digits. A record is made by PUT (201)
with a relative host and shown with the absolute one; two equal ones are two (assumed, and that hosts are shown so). Its own errors are {success: false, error: code}: 1003 not
allowed, 1008 not valid, 1013 too many requests, 1021 no such record.
"""
import hashlib

from fakelib import Fake, route

RECORDS = "/v1.0/zones/{id}/dnsrecords"


class Api(Fake):
    hosts = ("api.derak.cloud",)
    creds = {"key": "api-canaryderakMbmnxdpIBvk14nk5"}

    def zone_id(self, name, number):
        return hashlib.md5(name.encode()).hexdigest()

    def id(self, r):
        return hashlib.md5(str(r.id).encode()).hexdigest()

    def auth(self, q):
        return q.basic == ("api", self.creds["key"])

    def denied(self, q):
        return self.code(403, 1003)

    def code(self, status, number):
        return status, {"success": False, "error": number}

    def error(self, status, words):
        return status, words  # of what stands before the API

    def shown(self, r):
        return {"recordId": self.id(r), "type": r.type, "host": r.name, "content": r.value, "ttl": r.ttl, "cloud": False, "advanced": False,
                "customSSLType": ""}

    @route("GET", "/api/v2/service/cdn/zones")
    def zones_list(self, q):
        return {"success": True, "result": [{"zoneId": z.id, "tags": [], "contextId": z.id, "contextType": "CDN", "humanReadable": z.name,
                                             "status": "active", "paused": False} for z in self.store.zones.values()]}

    @route("GET", RECORDS)
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        return {"data": [self.shown(r) for r in zone.find(type=q.query.get("dnsType"))]}

    @route("PUT", RECORDS)
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(body.get("ttl", 0), int):
            return self.code(400, 1008)
        return 201, self.shown(zone.add(zone.absolute(body["host"]), body["type"], body["content"], body.get("ttl", 0)))

    @route("DELETE", RECORDS + "/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        for r in zone.records:
            if self.id(r) == q.args["rid"]:
                zone.remove(r)
                return {"success": True}
        return self.code(404, 1021)
