"""Nanelo API v1.

https://docs.nanelo.com
The token is a part of the path; all parameters are in the query, also with POST; names are relative, "@" at the apex. That an equal
record is one record is assumed, and so are the form of lists and the words of errors.
"""
from fakelib import Bad, Fake, route, told, WORDS

API = "/v1/{token}/dns"


class Api(Fake):
    hosts = ("api.nanelo.com",)
    creds = {"token": "canarynanelo7c31f5e0b2a94d86"}

    def auth(self, q):
        return q.args["token"] == self.creds["token"]

    def denied(self, q):
        return self.error(401, "Invalid API key")

    error = told({"error": WORDS})

    @route("GET", API + "/getzones")
    def zones_list(self, q):
        return {"success": True, "result": {"zones": list(self.store.zones)}}

    @route("POST", API + "/addrecord")
    def add(self, q):
        zone, p = self.zone(q.query["domain"]), q.query
        name = zone.absolute(p["name"])
        if int(p["ttl"]) < 60:
            raise Bad("TTL too low")
        if not zone.find(name, p["type"], p["value"]):
            zone.add(name, p["type"], p["value"], p["ttl"])
        return {"success": True}

    @route("POST", API + "/deleterecord")
    def delete(self, q):
        zone, p = self.zone(q.query["domain"]), q.query
        for r in zone.find(zone.absolute(p["name"]), p["type"], p["value"]):
            zone.remove(r)
        return {"success": True}
