"""Octenium API, Domains DNS.

https://octenium.com/api#tag/Domains-DNS
Forms in, {api-status, api-response, api-error} out, errors with status 200 too. Domains are an object by order id; records are known by
their line in the zone file, which moves when one above is deleted; names are absolute with a final dot.
"""
from fakelib import Bad, Fake, header, route, told, WORDS

DNS = "/domains/dns-records/"


class Api(Fake):
    hosts = ("api.panel.octenium.com",)
    creds = {"key": "canary-octenium-6pXw3Zr8"}
    auth = header("X-Api-Key", "key")
    error = told({"api-status": "error", "api-response": [], "api-error": WORDS})

    quota_status = 200

    def done(self, response):
        return {"api-status": "success", "api-response": response}

    def zone_of(self, q):
        for zone in self.store.zones.values():
            if str(zone.id) == q.form.get("order-id"):
                return zone
        raise Bad("order not found", 200)

    def shown(self, line, r):
        return {"line": line, "type": r.type, "name": r.name + ".", "ttl": r.ttl, "value": r.value, "raw": {"txtdata": r.value}}

    @route("GET", "/domains")
    def domains(self, q):
        wanted = q.query.get("domain-name")
        found = {str(z.id): {"domain-name": z.name, "registration-date": "21/08/2025", "expiration-date": "-", "status": "active"}
                 for z in self.store.zones.values() if wanted in (None, z.name)}
        return self.done({"domains": found or []})

    @route("POST", DNS + "list")
    def list(self, q):
        zone, types = self.zone_of(q), [v for k, v in q.form.items() if k == "types[]"]
        return self.done({"records": [self.shown(i + 9, r) for i, r in enumerate(zone.records) if not types or r.type in types]})

    @route("POST", DNS + "add")
    def add(self, q):
        zone, f = self.zone_of(q), q.form
        if not f["name"].endswith("."):
            raise Bad("name: a final dot is missing", 200)
        zone.add(f["name"][:-1], f["type"], f["value"], int(f["ttl"]))
        return self.done({"record": {"type": f["type"], "name": f["name"], "ttl": int(f["ttl"]), "value": f["value"]}})

    @route("POST", DNS + "delete")
    def delete(self, q):
        zone, line = self.zone_of(q), int(q.form["line"])
        if not 9 <= line < 9 + len(zone.records):
            raise Bad("no such line", 200)
        zone.remove(zone.records[line - 9])
        return self.done({"deleted": {"count": 1, "lines": [line]}})
