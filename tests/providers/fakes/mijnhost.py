"""mijn.host API v2, DNS.

https://mijn.host/api/doc/
The key is in the header API-Key. GET shows all records of a domain, with absolute names that end in a dot; PUT replaces them all. Answers
are {status, status_description, data}.
"""
from fakelib import Bad, Fake, header, loose, route, STATUS, told, WORDS

DNS = "/api/v2/domains/{zone}/dns"


class Api(Fake):
    hosts = ("mijn.host",)
    creds = {"key": "canarymijnhost47d0e8b2"}
    auth = header("API-Key", "key", denied="Invalid api key")
    error = told({"status": STATUS, "status_description": WORDS})

    @route("GET", DNS)
    def get(self, q):
        zone = self.zone(q.args["zone"])
        return {"status": 200, "status_description": "Request successful", "data": {"domain": zone.name, "records": [
            {"type": r.type, "name": r.name + ".", "value": r.value, "ttl": r.ttl} for r in zone.records]}}

    @route("PUT", DNS)
    def put(self, q):
        zone, records = self.zone(q.args["zone"]), q.json["records"]
        for r in records:
            if set(r) != {"type", "name", "value", "ttl"} or not r["name"].endswith(zone.name + ".") or not isinstance(r["ttl"], int):
                raise Bad("Invalid DNS record", 400)
        zone.records = []
        for r in records:
            zone.add(r["name"].rstrip("."), r["type"], loose(r["value"]) if r["type"] == "TXT" else r["value"], r["ttl"])
        zone.store.version += 1
        return {"status": 200, "status_description": "DNS records updated"}
