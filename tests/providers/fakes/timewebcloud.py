"""Timeweb Cloud API, DNS records of domains.

https://timeweb.cloud/api-docs (createDomainDNSRecordV2, deleteDomainDNSRecordV2, getDomainDNSRecords)
In v2 the record's name stands in the path; the list (v1) is of the domain, with limit and offset and meta.total, the name relative in
data.subdomain, which is not there at the apex. There is no TTL. Errors are {status_code, message, error_code, response_id}.
"""
from fakelib import Answer, Bad, Fake, bearer, route, told, STATUS, WORDS


class Api(Fake):
    hosts = ("api.timeweb.cloud",)
    creds = {"token": "canary.timeweb.eyJhbGciOiJSUzUxMiJ9"}
    auth = bearer("token", denied="Unauthorized")

    error = told({"status_code": STATUS, "message": WORDS, "error_code": "bad_request", "response_id": "15095f25-aac3-4d60-a788-96cb5136f186"})

    def of_name(self, name):
        zones = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not zones:
            raise Bad("Domain not found", 404)
        return max(zones, key=lambda z: len(z.name))

    def shown(self, zone, r):
        sub = {"subdomain": zone.relative(r.name)} if r.name != zone.name else {}
        return {"id": r.id, "type": r.type, "fqdn": zone.name, "data": {"value": r.value, **sub}}

    @route("GET", "/api/v1/domains/{zone}/dns-records")
    def records(self, q):
        zone, start, most = self.zone(q.args["zone"]), int(q.query.get("offset", 0)), self.page_size(q.query.get("limit", 100))
        return {"meta": {"total": len(zone.records)}, "dns_records": [self.shown(zone, r) for r in zone.records[start:start + most]]}

    @route("POST", "/api/v2/domains/{name}/dns-records")
    def create(self, q):
        zone, b = self.of_name(q.args["name"]), q.json
        return 201, {"dns_record": self.shown(zone, zone.add(q.args["name"], b["type"], b["value"], 600)), "response_id": "1"}

    @route("DELETE", "/api/v2/domains/{name}/dns-records/{id}")
    def delete(self, q):
        zone = self.of_name(q.args["name"])
        r = self.record(zone, q.args["id"])
        if r.name != q.args["name"]:
            raise Bad("Record not found", 404)
        zone.remove(r)
        return Answer(204, b"", None)
