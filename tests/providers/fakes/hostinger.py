"""Hostinger API, DNS zone.

https://developers.hostinger.com/#tag/dns-zone
GET shows all sets of a domain ("@" is the apex, values of TXT in quotes). PUT changes the named sets: `overwrite` (true unless said)
replaces them, false appends to them; DELETE with filters removes whole sets. Errors are {message, correlation_id}.
"""
from fakelib import Fake, bearer, loose, quote, route, told, WORDS

ZONE = "/api/dns/v1/zones/{zone}"


class Api(Fake):
    hosts = ("developers.hostinger.com",)
    creds = {"token": "canary-hostinger-0Qz7mWk3LpT9"}
    auth = bearer("token", denied="Unauthenticated")

    error = told({"message": WORDS, "correlation_id": "26a91bd9-f8c8-4a83-9df9-83e23d696fe3"})

    no_zone = ("Domain not found", 404)

    @route("GET", ZONE)
    def get(self, q):
        zone = self.zone(q.args["zone"])
        keys = dict.fromkeys((r.name, r.type) for r in zone.records)
        return [{"name": zone.relative(n), "type": t, "ttl": zone.find(n, t)[0].ttl, "records": [
            {"content": quote(v) if t == "TXT" else v, "is_disabled": False} for v in zone.values(n, t)]} for n, t in keys]

    @route("PUT", ZONE)
    def put(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not isinstance(body.get("overwrite", True), bool):
            return self.error(422, "The overwrite field must be true or false.")
        for s in body["zone"]:
            if not s["records"] or any(set(r) != {"content"} for r in s["records"]) or not isinstance(s.get("ttl", 14400), int):
                return self.error(422, "The records field is required.")
        for s in body["zone"]:
            name = zone.absolute(s["name"])
            values = [loose(r["content"]) if s["type"] == "TXT" else r["content"] for r in s["records"]]
            if not body.get("overwrite", True):
                values = zone.values(name, s["type"]) + [v for v in values if v not in zone.values(name, s["type"])]
            zone.replace(name, s["type"], values, s.get("ttl", 14400))
        return {"message": "Request accepted"}

    @route("DELETE", ZONE)
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        for f in q.json["filters"]:
            zone.replace(zone.absolute(f["name"]), f["type"], [])
        return {"message": "Request accepted"}
