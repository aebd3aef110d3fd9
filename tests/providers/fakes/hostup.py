"""HostUp API v2, DNS zones.

https://developer.hostup.se/
Ids are texts with a prefix; names are written relative ("@" at the apex) and answered absolute; lists are {data, hasMore, nextCursor}, the
next page by `cursor`. Errors are problem details with code and errors[].
"""
from fakelib import Bad, bearer, Fake, route, STATUS, told, WORDS

ZONES = "/api/v2/dns-zones"


class Api(Fake):
    hosts = ("cloud.hostup.se",)
    creds = {"key": "canary-hostup-hu_live_0kT7qZx2"}

    def zone_id(self, name, number):
        return f"zone_01hxa3b4c5d6e7{number}"

    auth = bearer("key")
    error = told({"type": "https://developer.hostup.se/errors/error", "title": "Error", "status": STATUS, "detail": WORDS, "code": "error",
                        "instance": "/api/v2", "requestId": "req_01hxa3b4c5d6e7f8g9h0j1k2m3", "timestamp": "2026-04-27T12:34:56.000Z"})

    def listed(self, q, items):
        at = int(q.query.get("cursor") or 0)
        end = at + self.page_size(q.query.get("limit"))
        return {"data": items[at:end], "hasMore": end < len(items), "nextCursor": str(end) if end < len(items) else None}

    def shown(self, r):
        return {"id": f"drr_01hxa{r.id}", "type": r.type, "name": r.name, "value": r.value, "ttl": r.ttl, "priority": None, "weight": None,
                "port": None, "status": "pending"}

    @route("GET", ZONES)
    def zones_list(self, q):
        return self.listed(q, [{"id": z.id, "name": z.name, "zoneStatus": "active", "isDnsOnly": False, "kind": "linked"}
                               for z in self.store.zones.values() if q.query.get("name", z.name) == z.name])

    @route("GET", ZONES + "/{id}/records")
    def records(self, q):
        return self.listed(q, [self.shown(r) for r in self.zone_by_id(q.args["id"]).records])

    @route("POST", ZONES + "/{id}/records")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(body["ttl"], int) or body["ttl"] < 60:
            raise Bad("`ttl` must be at least 60.", 422)
        return 201, self.shown(zone.add(zone.absolute(body["name"]), body["type"], body["value"], body["ttl"]))

    @route("DELETE", ZONES + "/{id}/records/{rid}")
    def delete(self, q):
        zone, rid = self.zone_by_id(q.args["id"]), q.args["rid"]
        zone.remove(self.record(zone, rid[len("drr_01hxa"):] if rid.startswith("drr_01hxa") else None))
