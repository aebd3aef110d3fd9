"""Civo API v2, DNS.

https://www.civo.com/api/dns
Ids are UUIDs; lists are bare arrays; types are answered in lower case; "@" is the apex; TTL 600 at least; DELETE answers 200
{result: success}. Errors are {code, reason}.
"""
import uuid

from fakelib import Bad, Fake, bearer, listing, route

TAIL = "-fbef-4e2b-b97f-f5d34f4075d3"


class Api(Fake):
    hosts = ("api.civo.com",)
    creds = {"token": "canary-civo-Wq7Zk0tXp1Mb"}
    auth = bearer("token", denied="The API key is not valid")

    def zone_id(self, name, number):
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))

    def error(self, status, words):
        codes = {401: "authentication_invalid_key", 404: "database_dns_record_not_found"}
        return status, {"code": codes.get(status, "parameter_invalid"), "reason": words}

    def shown(self, zone, r):
        return {"id": "%08x" % r.id + TAIL, "created_at": "2019-04-11T12:47:56.000+01:00", "account_id": None, "domain_id": zone.id,
                "name": zone.relative(r.name), "value": r.value, "type": r.type.lower(), "ttl": r.ttl}

    @route("GET", "/v2/dns")
    def zones_list(self, q):
        return [{"id": z.id, "account_id": "e7e8386e-434e-482f-95e0-c406e5d564c2", "name": z.name} for z in self.store.zones.values()]

    records = listing("/v2/dns/{id}/records")

    @route("POST", "/v2/dns/{id}/records")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(body["ttl"], int) or body["ttl"] < 600:
            raise Bad("the TTL must be at least 600")
        return self.shown(zone, zone.add(zone.absolute(body["name"]), body["type"].upper(), body["value"], body["ttl"]))

    @route("DELETE", "/v2/dns/{id}/records/{rid}")
    def delete(self, q):
        zone, rid = self.zone_by_id(q.args["id"]), q.args["rid"]
        zone.remove(self.record(zone, int(rid[:8], 16) if rid.endswith(TAIL) else None))
        return {"result": "success"}
