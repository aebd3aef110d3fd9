"""Nexcess NocWorx API, version 0, DNS.

https://portal.nexcess.net/api-token (the API is described by its clients alone: acme.sh dns_nw)
Lists are arrays; a record's host is given absolute and listed relative; ids are numbers; the header Api-Version is needed.
The form of errors is not documented: {code, message} here; "@" for the apex is a guess.
"""
from fakelib import Bad, Fake, route, STATUS, told, WORDS


class Api(Fake):
    hosts = ("portal.nexcess.net",)
    creds = {"token": "canary-nocworx-51c09aa2e7"}

    def auth(self, q):
        return q.headers.get("Api-Version") == "0" and super().auth(q)

    error = told({"code": STATUS, "message": WORDS})

    def shown(self, zone, r):
        return {"record_id": r.id, "zone_id": zone.id, "type": r.type, "host": zone.relative(r.name), "target": r.value, "ttl": r.ttl}

    @route("GET", "/dns-zone")
    def zones_list(self, q):
        return [{"zone_id": z.id, "domain": z.name, "is_active": True} for z in self.store.zones.values()]

    @route("GET", "/dns-record")
    def records(self, q):
        zone = self.zone_by_id(q.query["zone_id"])
        return [self.shown(zone, r) for r in zone.records]

    @route("POST", "/dns-record")
    def create(self, q):
        b = q.json
        zone = self.zone_by_id(b["zone_id"])
        if int(b["ttl"]) < 300:
            raise Bad("ttl is too small")
        return self.shown(zone, zone.add(b["host"], b["type"], b["target"], int(b["ttl"])))

    @route("DELETE", "/dns-record/{id}")
    def delete(self, q):
        zone, r = self.record_anywhere(q.args["id"])
        zone.remove(r)
        return {"success": True}
