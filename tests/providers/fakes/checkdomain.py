"""Checkdomain API v1.

https://developer.checkdomain.de/reference/
Lists in pages (limit, page; pages tells how many) under _embedded. A domain's records have no ids: POST adds one, PUT replaces all of
them. Names have a final dot.
The body of errors is assumed.
"""
from fakelib import Fake, route

LIST = "/v1/domains/{id}/nameservers/records"


class Api(Fake):
    hosts = ("api.checkdomain.de",)
    creds = {"token": "canary-checkdomain-MNfqGxPfSBM6"}

    def listed(self, q, key, items):
        shown, pages = self.page(items, q.query.get("page"), q.query.get("limit") or 10)
        return {"page": int(q.query.get("page", 1)), "limit": 100, "pages": pages, "total": len(items), "_embedded": {key: shown}}

    @route("GET", "/v1/domains")
    def domains(self, q):
        return self.listed(q, "domains", [{"id": z.id, "name": z.name} for z in self.store.zones.values()])

    @route("GET", LIST)
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        return self.listed(q, "records", [{"name": r.name + ".", "value": r.value, "ttl": r.ttl, "priority": 0, "type": r.type}
            for r in zone.records])

    @route("PUT", LIST)
    def replace(self, q):
        zone, records = self.zone_by_id(q.args["id"]), q.json
        for r in records:
            if set(r) != {"name", "value", "ttl", "priority", "type"} or not isinstance(r["ttl"], int) or not r["name"].endswith("."):
                return self.error(400, "Validation Failed")
        zone.records = []
        for r in records:
            zone.add(zone.absolute_or_dot(r["name"]), r["type"], r["value"], r["ttl"])
        self.store.version += 1
