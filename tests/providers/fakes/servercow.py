"""Servercow DNS API v1.

https://wiki.servercow.de/en/domains/dns_api/api-syntax/
GET shows all sets of a domain; names are relative, "" at the apex; content is a text for one value and an array for more, in answers and
in requests. POST replaces a set, DELETE (with a body) removes it; both answer {"message": "ok"}. Errors are {"error"}, some with status 200.
"""
from fakelib import Bad, Fake, given, route, told, WORDS

ZONE = "/dns/v1/domains/{zone}"


class Api(Fake):
    hosts = ("api.servercow.de",)
    creds = {"username": "kit-dnsapi", "password": "canary-servercow-8hWqT2"}

    auth = given("headers", {"X-Auth-Username": "username", "X-Auth-Password": "password"}, denied=(200, "unauthorized"))

    error = told({"error": WORDS})

    quota_status = 200

    no_zone = ("no such domain in user context", 200)

    @route("GET", ZONE)
    def get(self, q):
        zone = self.zone(q.args["zone"])
        keys = dict.fromkeys((r.name, r.type) for r in zone.records)
        sets = [(n, t, zone.values(n, t)) for n, t in keys]
        return [{"name": zone.relative(n, ""), "ttl": zone.find(n, t)[0].ttl, "type": t, "content": v[0] if len(v) == 1 else v}
                for n, t, v in sets]

    @route("POST", ZONE)
    def post(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        content = body["content"] if isinstance(body["content"], list) else [body["content"]]
        if not content or not all(isinstance(c, str) for c in content) or not isinstance(body.get("ttl", 20), int):
            raise Bad("content or ttl is invalid", 200)
        name = zone.absolute(body["name"])
        zone.replace(name, body["type"], list(dict.fromkeys(content)), body.get("ttl", 20))
        return {"message": "ok"}

    @route("DELETE", ZONE)
    def delete(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        zone.replace(zone.absolute(body["name"]), body["type"], [])
        return {"message": "ok"}
