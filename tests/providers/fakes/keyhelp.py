"""KeyHelp API v2.

https://app.swaggerhub.com/apis-docs/keyhelp/api/
The zone is read and written as a whole: {dkim_record, records: {soa, other: [{host, ttl, type, value}]}}; hosts are relative, "@"
at the apex; domains have number ids, and DNS is asked by them; errors are {code: "401 Unauthorized", message}.
"""
from fakelib import Bad, Fake, header, route

SOA = {"ttl": 86400, "primary_ns": "ns.example.test.", "rname": "root.example.test.", "refresh": 14400, "retry": 1800,
       "expire": 604800, "minimum": 3600}
DKIM = 'default._domainkey IN TXT ( "v=DKIM1; k=rsa; s=email; " "KEY" )'


class Api(Fake):
    creds = {"key": "canarykeyhelp.Rt5Vw8Xz1B"}
    auth = header("X-API-Key", "key", denied="API key is missing or invalid.")

    def error(self, status, words):
        return status, {"code": f"{status} Error", "message": words}

    @route("GET", "/api/v2/domains")
    def domains(self, q):
        return [{"id": z.id, "id_user": 4, "id_parent_domain": 0, "status": 1, "domain": z.name, "domain_utf8": z.name,
                 "is_custom_dns": False,
                 "is_dns_disabled": False, "is_subdomain": False} for z in self.store.zones.values()]

    @route("GET", "/api/v2/dns/{id}")
    def get(self, q):
        zone = self.zone_by_id(q.args["id"])
        return {"is_custom_dns": False, "is_dns_disabled": False, "dkim_record": DKIM, "records": {"soa": SOA, "other": [
            {"host": zone.relative(r.name), "ttl": r.ttl, "type": r.type, "value": r.value} for r in zone.records]}}

    @route("PUT", "/api/v2/dns/{id}")
    def put(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if body.get("dkim_record") != DKIM or body["records"]["soa"] != SOA:
            raise Bad("dkim_record or soa is not valid", 422)
        new = body["records"]["other"]
        if any(set(r) != {"host", "ttl", "type", "value"} or not isinstance(r["ttl"], int) for r in new):
            raise Bad("records.other is not valid", 422)
        zone.records = []
        for r in new:
            zone.add(zone.absolute(r["host"]), r["type"], r["value"], r["ttl"])
        zone.store.version += 1
        return {"id": zone.id}
