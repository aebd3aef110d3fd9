"""dynv6 REST API v2.

https://dynv6.github.io/api-spec/
Ids are numbers; names of records are relative, "" at the apex; there is no TTL and lists have no pages. DELETE answers 204.
The specification says nothing of the bodies of errors: {error} here.
"""
from fakelib import Fake, bearer, listing, route, told, WORDS


class Api(Fake):
    hosts = ("dynv6.com",)
    creds = {"token": "canary-dynv6-XCqXvdqJMWY1GEyCdcBZ"}
    auth = bearer("token", denied="Unauthorized")

    error = told({"error": WORDS})

    def shown(self, zone, r):
        return {"id": r.id, "zoneID": zone.id, "type": r.type, "name": zone.relative(r.name, ""), "data": r.value, "priority": None,
                "weight": None, "port": None, "flags": None, "tag": None, "expandedData": r.value}

    @route("GET", "/api/v2/zones")
    def zones_list(self, q):
        return [{"id": z.id, "name": z.name, "ipv4address": "192.0.2.1", "ipv6prefix": "", "createdAt": "2026-01-01T00:00:00Z",
                 "updatedAt": "2026-01-01T00:00:00Z"} for z in self.store.zones.values()]

    records = listing("/api/v2/zones/{id}/records")

    @route("POST", "/api/v2/zones/{id}/records")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if set(body) - {"type", "name", "data", "priority", "weight", "port", "flags", "tag"}:
            return self.error(422, "unknown attributes")
        return self.shown(zone, zone.add(zone.absolute(body["name"]), body["type"], body["data"], 60))

    @route("DELETE", "/api/v2/zones/{id}/records/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["rid"]))
