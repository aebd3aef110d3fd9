"""Domeneshop API v0.

https://api.domeneshop.no/docs/
Hosts are relative, "@" at the apex; TTLs are multiples of 60. A list can be filtered by host and type. Errors are {code, help}.
"""
from fakelib import Answer, basic, Fake, route


class Api(Fake):
    hosts = ("api.domeneshop.no",)
    creds = {"token": "kF8zToken0921", "secret": "canary-domeneshop-s3Vb7Lq9"}
    auth = basic("token", "secret")

    def error(self, status, words):
        return status, {"code": f"error:{status}", "help": words}

    @route("GET", "/v0/domains")
    def domains(self, q):
        return [{"id": z.id, "domain": z.name, "status": "active", "services": {"dns": True}} for z in self.store.zones.values()
                if q.query.get("domain", "") in z.name]

    @route("GET", "/v0/domains/{id}/dns")
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        return [{"id": r.id, "host": zone.relative(r.name), "ttl": r.ttl, "type": r.type, "data": r.value} for r in zone.records
                if q.query.get("host") in (None, zone.relative(r.name)) and q.query.get("type") in (None, r.type)]

    @route("POST", "/v0/domains/{id}/dns")
    def create(self, q):
        zone, b = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(b.get("ttl", 3600), int) or b.get("ttl", 3600) % 60:
            return self.error(400, "ttl: multiple of 60 required")
        record = zone.add(zone.absolute(b["host"]), b["type"], b["data"], b.get("ttl", 3600))
        return Answer(201, '{"id": %d}' % record.id, headers={"Location": f"/v0/domains/{zone.id}/dns/{record.id}"})

    @route("DELETE", "/v0/domains/{id}/dns/{record}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["record"]))
