"""Regfish DNS API.

https://regfish.readme.io/
POST and DELETE of /dns/rr take no zone, names are absolute with a final dot; ids are numbers; the answer is {success, code,
response}, an error {success: false, code, message, error}.
"""
from fakelib import Bad, Fake, header, route


class Api(Fake):
    hosts = ("api.regfish.de",)
    creds = {"key": "canary-regfish-4e02b7d19fa8"}
    auth = header("x-api-key", "key", denied="Invalid API-Key")

    def error(self, status, words):
        return status, {"success": False, "code": 15000 + status, "message": words, "error": words}

    def shown(self, r):
        return {"id": r.id, "name": r.name + ".", "type": r.type, "data": r.value, "ttl": r.ttl, "active": True, "auto": False}

    @route("GET", "/dns/{zone}/rr")
    def records(self, q):
        return {"success": True, "code": 25001, "response": [self.shown(r) for r in self.zone(q.args["zone"]).records]}

    @route("POST", "/dns/rr")
    def create(self, q):
        body = q.json
        if not body["name"].endswith(".") or not isinstance(body["ttl"], int) or body["ttl"] < 60:
            raise Bad("Invalid request: name or ttl")
        name = body["name"][:-1].lower()
        zones = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not zones:
            raise Bad("no such domain", 404)
        zone = max(zones, key=lambda z: len(z.name))
        return {"success": True, "code": 25003, "response": self.shown(zone.add(name, body["type"], body["data"], body["ttl"]))}

    @route("DELETE", "/dns/rr/{id}")
    def delete(self, q):
        zone, record = self.record_anywhere(q.args["id"])
        zone.remove(record)
        return {"success": True, "code": 25005}
