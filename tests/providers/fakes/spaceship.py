"""Spaceship API v1, DNS records.

https://docs.spaceship.dev/#tag/DNS-records
GET wants take (1..500) and skip, answers {items, total}; PUT adds records to those that are there (204); DELETE takes away those that are
named by type, name and value (204); "@" is the apex; TTL 60 to 3600. Errors are problem details with data[] of {field, details}.
"""
from fakelib import Bad, Fake, given, route, told, WORDS

RECORDS = "/api/v1/dns/records/{zone}"


class Api(Fake):
    hosts = ("spaceship.dev",)
    creds = {"key": "canaryspaceshipkey0vT8", "secret": "canaryspaceshipsecretQ1zX7w"}

    auth = given("headers", {"X-Api-Key": "key", "X-Api-Secret": "secret"})

    error = told({"detail": WORDS})

    @route("GET", RECORDS)
    def records(self, q):
        zone, p = self.zone(q.args["zone"]), q.query
        take, skip = int(p["take"]), int(p["skip"])
        if not 1 <= take <= 500 or skip < 0:
            raise Bad("take must be 1 to 500", 422)
        found = [{"type": r.type, "name": zone.relative(r.name), "ttl": r.ttl, "group": {"type": "custom"},
                  {"TXT": "value", "A": "address", "CNAME": "cname", "MX": "exchange"}[r.type]: r.value} for r in zone.records]
        return {"items": found[skip:skip + take], "total": len(found)}

    @route("PUT", RECORDS)
    def put(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        for item in body["items"]:
            if not isinstance(item["ttl"], int) or not 60 <= item["ttl"] <= 3600 or not item["value"]:
                return 422, {"detail": "The request data is invalid", "data": [{"field": "items", "details": "ttl must be 60 to 3600"}]}
        for item in body["items"]:
            name = zone.absolute(item["name"])
            if not zone.find(name, item["type"], item["value"]):
                zone.add(name, item["type"], item["value"], item["ttl"])

    @route("DELETE", RECORDS)
    def delete(self, q):
        zone, gone = self.zone(q.args["zone"]), []
        for item in q.json:
            found = zone.find(zone.absolute(item["name"]), item["type"], item["value"])
            if not found:
                raise Bad("The record does not exist", 404)
            gone += found
        for r in gone:
            zone.remove(r)
