"""Abion API v1 (PMAPI), zones.

https://demo.abion.com/pmapi-doc/openapi-ui/index.html
A zone has its records as an object: name ("@" is the apex), type, list of {ttl, rdata, comments}. PATCH replaces the lists that it names and
leaves the others; null removes a list. Errors are {meta, error: {status, message}}.
"""
from fakelib import Bad, Fake, header, route

ZONE = "/v1/zones/{zone}"
META = {"invocationId": "95cdcc21-b9c3-4b21-8bd1-b05c34c56147"}


class Api(Fake):
    hosts = ("api.abion.com",)
    creds = {"key": "canary-abion-Kq83hZt0"}
    auth = header("X-API-KEY", "key", denied="Authentication Error")

    def error(self, status, words):
        return status, {"meta": META, "error": {"status": status, "message": words}}

    def shown(self, zone):
        records = {}
        for r in zone.records:
            records.setdefault(zone.relative(r.name), {}).setdefault(r.type, []).append({"ttl": r.ttl, "rdata": r.value})
        return {"meta": META, "data": {"type": "zone", "id": zone.name, "attributes": {
            "organisationId": "10154", "dnsTypeDescription": "Anycast", "slave": False, "pending": False, "deleted": False, "records": records}}}

    @route("GET", ZONE)
    def get(self, q):
        return self.shown(self.zone(q.args["zone"]))

    @route("PATCH", ZONE)
    def patch(self, q):
        zone, data = self.zone(q.args["zone"]), q.json["data"]
        if data["type"] != "zone" or data["id"] != zone.name:
            raise Bad("data.id: not the zone")
        for name, types in data["attributes"]["records"].items():
            for type, items in types.items():
                if items is not None and (not items or any(set(i) - {"ttl", "rdata", "comments"} or not i["rdata"] for i in items)):
                    raise Bad("rdata is required")
                zone.replace(zone.absolute(name), type, [i["rdata"] for i in items or []], (items or [{}])[0].get("ttl", 600))
        return self.shown(zone)
