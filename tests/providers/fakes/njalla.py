"""Njalla API 1.

https://njal.la/api/
POST of {method, params} to one URL; the answer has result or error {code, message} with HTTP status 200; ids are numbers; names are
relative, "@" at the apex; the TTL is one of a few.
"""
from fakelib import Bad, Fake, header, route

TTLS = (60, 300, 900, 3600, 10800, 21600, 86400)


class Api(Fake):
    hosts = ("njal.la",)
    creds = {"token": "canarynjalla90e1f6b7d2c3a845"}
    auth = header("Authorization", "token", "Njalla ", denied=(403, "Invalid token."))

    def error(self, status, words):
        return status if status in (429, 500) else 200, {"jsonrpc": "2.0", "error": {"code": status, "message": words}}

    def shown(self, zone, r):
        return {"id": r.id, "name": zone.relative(r.name), "type": r.type, "content": r.value, "ttl": r.ttl}

    @route("POST", "/api/1/")
    def call(self, q):
        p = q.json["params"]
        return {"jsonrpc": "2.0", "result": getattr(self, "do_" + q.json["method"].replace("-", "_"))(p, self.zone(p["domain"]))}

    def do_list_records(self, p, zone):
        return {"records": [self.shown(zone, r) for r in zone.records]}

    def do_add_record(self, p, zone):
        if p["ttl"] not in TTLS:
            raise Bad("Invalid ttl")
        return self.shown(zone, zone.add(zone.absolute(p["name"]), p["type"], p["content"], p["ttl"]))

    def do_remove_record(self, p, zone):
        zone.remove(self.record(zone, p["id"]))
        return {}
