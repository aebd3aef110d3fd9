"""Versio REST API v1.

https://www.versio.nl/RESTapidoc/
All records of a domain are read and written as one list of {type, name, value, prio, ttl}; names are absolute, written with a final
dot and read without; TXT values are in quotes; errors are {error: {code, message}}. Shapes as in the answers recorded by lego.
"""
from fakelib import Bad, basic, Fake, quote, route, STATUS, told, unquote, WORDS


class Api(Fake):
    hosts = ("www.versio.nl",)
    creds = {"user": "kit@example.test", "password": "canary-versio-Gh6Jk8Lq"}
    auth = basic("user", "password", denied="You are not authorized to access this resource. Did you supply the correct credentials?")
    error = told({"error": {"code": STATUS, "message": WORDS}})

    def domain(self, name):
        if name not in self.store.zones:
            raise Bad("ObjectDoesNotExist|Domain not found", 400)
        return self.store.zones[name]

    def whole(self, zone):
        return {"domainInfo": {"domain": zone.name, "status": "OK", "expire-date": "2030-10-01", "ns": [], "dns_management": True,
                               "dns_records": [
            {"type": r.type, "name": r.name, "value": quote(r.value) if r.type == "TXT" else r.value, "prio": 0,
             "ttl": r.ttl} for r in zone.records]}}

    @route("GET", "/api/v1/domains/{zone}")
    def get(self, q):
        zone = self.domain(q.args["zone"])
        info = self.whole(zone)
        if q.query.get("show_dns_records") != "true":
            del info["domainInfo"]["dns_records"]
        return info

    @route("POST", "/api/v1/domains/{zone}/update")
    def update(self, q):
        zone, new = self.domain(q.args["zone"]), []
        for r in q.json["dns_records"]:
            if r["type"] not in ("A", "AAAA", "MX", "CNAME", "TXT", "NS", "SRV", "CAA") or not isinstance(r["ttl"],
                int) or not isinstance(r["prio"], int):
                raise Bad("ProcessError|DNS record invalid type " + r["type"])
            new.append((r["name"].rstrip(".").lower(), r["type"], unquote(r["value"]) if r["type"] == "TXT" else r["value"], r["ttl"]))
        zone.records = []
        for r in new:
            zone.add(*r)
        zone.store.version += 1
        return self.whole(zone)
