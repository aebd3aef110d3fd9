"""NGENIX API v3, DNS zones.

https://docs.ngenix.net/
A zone is one object; PATCH with records replaces all of them. Names are relative, "@" at the apex; records have no TTL. Some records
refer to a configuration instead of having data. Errors are {code, detail}.
"""
from fakelib import Fake, route, STATUS, told, WORDS

class Api(Fake):
    hosts = ("api.ngenix.net",)
    creds = {"user": "dns@kit.test", "token": "canary-ngenix-b5Yq0Ru8", "customer": "4321"}

    def auth(self, q):
        return q.basic == (self.creds["user"] + "/token", self.creds["token"])

    error = told({"code": STATUS, "detail": WORDS})

    def shown(self, zone):
        records = [{"name": zone.relative(r.name), "type": r.type, "data": r.value} for r in zone.records]
        return {"modelName": "DnsZone", "id": zone.id, "name": zone.name, "customerRef": {"id": 4321}, "comment": "by hand",
                "dnssec": {"enabled": True, "dnssecKeyRef": {"id": 1234}}, "nameservers": ["192.0.2.53"], "records": records}

    @route("GET", "/api/v3/dns-zone")
    def zones_list(self, q):
        if q.query.get("customerId") != self.creds["customer"]:
            return self.error(403, "no access to the customer")
        return {"modelName": "DnsZoneCollection", "elements": [{"id": z.id, "name": z.name, "links": {}}
            for z in self.store.zones.values()]}

    @route("GET", "/api/v3/dns-zone/{id}")
    def get(self, q):
        return self.shown(self.zone_by_id(q.args["id"]))

    @route("PATCH", "/api/v3/dns-zone/{id}")
    def patch(self, q):
        zone, b = self.zone_by_id(q.args["id"]), q.json
        if b.get("dnssec") != {"enabled": True, "dnssecKeyRef": {"id": 1234}} or b.get("comment") != "by hand":
            return self.error(400, "dnssec would be switched off")
        records = [(zone.absolute(r["name"]), r["type"], r["data"]) for r in b["records"]]
        zone.records = []
        for r in records:
            zone.add(*r)
        self.store.version += 1
        return self.shown(zone)
