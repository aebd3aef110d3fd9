"""IONOS hosting DNS API v1 (and united-domains, which is the same on another host).

https://developer.hosting.ionos.com/docs/dns
https://www.united-domains.de/dns-apidoc/
Zones and records have UUIDs, names are absolute; GET of a zone has its records, filtered by suffix, recordName and recordType (lists
with commas); POST takes a list of records and answers 201 with them; DELETE answers 200 without a body. TXT content is written bare and
comes back in quotes. Errors are a list of {code, message}.
"""
import uuid

from fakelib import Answer, Bad, Fake, header, loose, quote, route

TAIL = "-2ff3-4762-99bd-711733624a77"


class Api(Fake):
    hosts = ("api.hosting.ionos.com",)
    creds = {"key": "canaryionosprefix.Kx81zQmw0Tr5", "prefix": "canaryionosprefix", "secret": "Kx81zQmw0Tr5"}
    least_ttl = 60

    def zone_id(self, name, number):
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))

    auth = header("X-API-Key", "key", denied="The customer is not authorized to do this operation.")

    def error(self, status, words):
        code = {401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "ZONE_NOT_FOUND", 429: "RATE_LIMIT_EXCEEDED", 500: "INTERNAL_SERVER_ERROR"}
        return status, [{"code": code.get(status, "INVALID_RECORD"), "message": words}]

    def shown(self, zone, r):
        return {"id": "%08x" % r.id + TAIL, "name": r.name, "rootName": zone.name, "type": r.type, "ttl": r.ttl, "disabled": False,
                "content": quote(r.value) if r.type == "TXT" else r.value, "changeDate": "2026-01-01T00:00:00.000Z"}

    @route("GET", "/dns/v1/zones")
    def zones_list(self, q):
        return [{"id": z.id, "name": z.name, "type": "NATIVE"} for z in self.store.zones.values()]

    @route("GET", "/dns/v1/zones/{id}")
    def zone_get(self, q):
        zone, p = self.zone_by_id(q.args["id"]), q.query
        names, types = p.get("recordName"), p.get("recordType")
        found = [r for r in zone.records if (not names or r.name in names.lower().split(",")) and (not types or r.type in types.split(","))
                 and r.name.endswith(p.get("suffix", ""))]
        return {"id": zone.id, "name": zone.name, "type": "NATIVE", "records": [self.shown(zone, r) for r in found]}

    @route("POST", "/dns/v1/zones/{id}/records")
    def create(self, q):
        zone, made = self.zone_by_id(q.args["id"]), []
        if not isinstance(q.json, list):
            return self.error(400, "an array of records is wanted")
        for r in q.json:
            if not isinstance(r.get("ttl", 3600), int) or r.get("ttl", 3600) < self.least_ttl:
                return self.error(400, "ttl is too low")
            made.append(zone.add(r["name"], r["type"], loose(r["content"]), r.get("ttl", 3600)))
        return 201, [self.shown(zone, r) for r in made]

    @route("DELETE", "/dns/v1/zones/{id}/records/{rid}")
    def delete(self, q):
        zone, rid = self.zone_by_id(q.args["id"]), q.args["rid"]
        if not rid.endswith(TAIL):
            raise Bad("no UUID of a record", 400)
        zone.remove(self.record(zone, int(rid[:8], 16)))
        return Answer(200, b"", None)


class UnitedDomains(Api):
    hosts = ("dnsapi.united-domains.de",)
    creds = {"key": "canaryudprefix.pW93hTz7Lq"}
    least_ttl = 300
