"""Misaka.io DNS API.

https://docs.misaka.io/dns/
Lists are {count, results} with limit; search finds names that contain the text. A set is made by POST (refused when it is there), changed
by PUT (with ?append=true the values are added) and removed by DELETE; TXT is in quotes; names are relative, "@" at the apex.
"""
from fakelib import Bad, Fake, header, quote, route, unquote

SET = "/dns/zones/{zone}/recordsets/{name}/{type}"


class Api(Fake):
    hosts = ("dnsapi.misaka.io",)
    creds = {"key": "canary-misaka-Rw6bT0pX"}
    auth = header("Authorization", "key", "Token ")

    def shown(self, zone, name, type):
        found = zone.find(name, type)
        return {"id": found[0].id, "name": zone.relative(name), "type": type, "ttl": found[0].ttl, "filters": [],
                "records": [{"value": quote(r.value) if type == "TXT" else r.value} for r in found]}

    @route("GET", "/dns/zones")
    def zones_list(self, q):
        names = list(self.store.zones)[:int(q.query.get("limit", 50))]
        return {"count": len(self.store.zones), "results": [{"id": self.store.zones[n].id, "name": n} for n in names]}

    @route("GET", "/dns/zones/{zone}/recordsets")
    def sets(self, q):
        zone = self.zone(q.args["zone"])
        keys = [k for k in dict.fromkeys((r.name, r.type) for r in zone.records) if q.query.get("search", "") in zone.relative(k[0])]
        return {"count": len(keys), "results": [self.shown(zone, n, t) for n, t in keys][:int(q.query.get("limit", 50))]}

    def write(self, q, there):
        zone, type = self.zone(q.args["zone"]), q.args["type"]
        name, body = zone.absolute(q.args["name"]), q.json
        if bool(zone.find(name, type)) != there:
            raise Bad("recordset not found", 404) if there else Bad("recordset already exists", 409)
        values = [unquote(r["value"]) if type == "TXT" else r["value"] for r in body["records"]]
        if not values or not isinstance(body["ttl"], int):
            raise Bad("records and ttl are required", 400)
        zone.replace(name, type, (zone.values(name, type) if q.query.get("append") == "true" else []) + values, body["ttl"])
        return self.shown(zone, name, type)

    @route("POST", SET)
    def post(self, q):
        return 201, self.write(q, False)

    @route("PUT", SET)
    def put(self, q):
        return self.write(q, True)

    @route("DELETE", SET)
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.replace(zone.absolute(q.args["name"]), q.args["type"], [])
