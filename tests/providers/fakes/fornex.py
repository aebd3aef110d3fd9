"""Fornex API, entries of a domain.

https://fornex.com/api/#tag/Domain:-Entry
Paths end in a slash; ids are numbers; the list of entries is an array; names are relative ("host"), "" at the apex; the TTL is one of a
fixed set. Errors are those of Django REST framework: {detail} or lists by field.
"""
from fakelib import Fake, header, route, told, WORDS

SET = "/api/dns/domain/{zone}/entry_set/"
TTLS = (120, 300, 600, 900, 1800, 3600, 7200, 18000, 43200, 86400)


class Api(Fake):
    hosts = ("fornex.com",)
    creds = {"key": "canary-fornex-Wm3k9Qx1"}
    auth = header("Authorization", "key", "Api-Key ", denied=(403, "Authentication credentials were not provided."))

    error = told({"detail": WORDS})

    def shown(self, zone, r):
        return {"id": r.id, "host": zone.relative(r.name, ""), "type": r.type, "ttl": r.ttl, "value": r.value}

    @route("GET", SET)
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return [self.shown(zone, r) for r in zone.find(type=q.query.get("type"))]

    @route("POST", SET)
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if body.get("ttl") is not None and body["ttl"] not in TTLS:
            return 400, {"ttl": ["\"%s\" is not a valid choice." % body["ttl"]]}
        return 201, self.shown(zone, zone.add(zone.absolute(body["host"]), body["type"], body["value"], body.get("ttl") or 3600))

    @route("DELETE", SET + "{id}/")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
