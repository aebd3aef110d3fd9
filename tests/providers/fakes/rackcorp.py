"""RackCorp REST API v2.8, DNS.

https://github.com/RackCorpCloud/rackcorp-api/wiki/RACKCORP-REST-API
Answers are {code: OK, data} or {code, message}; a domain is got with its records; records are made by a list, of lookup (the relative name,
"" at the apex: a guess), and deleted by id.
"""
from fakelib import basic, Fake, route


class Api(Fake):
    hosts = ("api.rackcorp.net",)
    creds = {"uuid": "canary0f-81c2-4b1d-9e77-rackcorp0001", "secret": "canary-rackcorp-3Vw9zLq7"}
    auth = basic("uuid", "secret", denied="Access Denied")

    def error(self, status, words):
        return status, {"code": {401: "ACCESS_DENIED", 403: "ACCESS_DENIED"}.get(status, "FAULT"), "message": words}

    def shown(self, zone, r):
        return {"id": r.id, "type": r.type, "name": r.name, "lookup": zone.relative(r.name, ""), "domainid": zone.id, "data": r.value,
                "ttl": r.ttl, "status": "ACTIVE", "stdname": "SYSTEM", "serial": "1"}

    def domain(self, z, **more):
        return {"id": z.id, "name": z.name, "status": "ACTIVE", "customerid": 42, "stdname": "SYSTEM", "serial": "1", **more}

    @route("GET", "/api/v2.8/dns/domain")
    def domains(self, q):
        return {"code": "OK", "data": [self.domain(z) for z in self.store.zones.values()]}

    @route("GET", "/api/v2.8/dns/domain/{id}")
    def details(self, q):
        zone = self.zone_by_id(q.args["id"])
        return {"code": "OK", "data": self.domain(zone, records=[self.shown(zone, r) for r in zone.records])}

    @route("POST", "/api/v2.8/dns/records")
    def create(self, q):
        made = []
        for b in q.json["data"]:
            zone = self.zone_by_id(b["domainid"])
            if not isinstance(b["domainid"], int) or not isinstance(b["ttl"], int):
                return self.error(400, "Invalid data")
            made.append(self.shown(zone, zone.add(zone.absolute(b["lookup"]), b["type"], b["data"], b["ttl"])))
        return {"code": "OK", "message": "Records created", "data": made}

    @route("DELETE", "/api/v2.8/dns/records/{id}")
    def delete(self, q):
        zone, r = self.record_anywhere(q.args["id"])
        zone.remove(r)
        return {"code": "OK", "message": "Record deleted", "data": []}
