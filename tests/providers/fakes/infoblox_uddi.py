"""Infoblox Universal DDI (BloxOne), DNS configuration API v1.

https://csp.infoblox.com/apidoc/docs/Dns
Ids are paths (dns/auth_zone/UUID, dns/record/UUID); lists are {results}, filtered by _filter (name=="text" joined by and); names of zones
have a final dot; name_in_zone is relative, "" at the apex; an equal record is refused with 409. Errors are {error: [{message}]}.
"""
import re
import uuid

from fakelib import Answer, Bad, Fake, header, route, told, WORDS

TAIL = "-77aa-4c0e-8a4f-6d1c2b3a4f50"


class Api(Fake):
    hosts = ("csp.infoblox.com",)
    creds = {"key": "canaryinfobloxuddi7c1fa90b2d"}

    def zone_id(self, name, number):
        return "dns/auth_zone/" + str(uuid.uuid5(uuid.NAMESPACE_DNS, name))

    auth = header("Authorization", "key", "Token ")
    error = told({"error": [{"message": WORDS}]})

    def filtered(self, q, items):
        terms = [re.fullmatch(r"\s*([\w.]+)\s*==\s*[\"'](.*)[\"']\s*", t) for t in q.query["_filter"].split(" and ")] if "_filter" in q.query else []
        if not all(terms):
            raise Bad("invalid filter expression", 400)
        return {"results": [i for i in items if all(i.get(t.group(1)) == t.group(2) for t in terms)][:int(q.query.get("_limit", 1000))]}

    def shown(self, zone, r):
        data = {"text": r.value} if r.type == "TXT" else {"address": r.value}
        return {"id": "dns/record/%08x" % r.id + TAIL, "type": r.type, "zone": zone.id, "name_in_zone": zone.relative(r.name, ""),
                "absolute_name_spec": r.name + ".", "ttl": r.ttl, "rdata": data, "disabled": False}

    @route("GET", "/api/ddi/v1/dns/auth_zone")
    def zones_list(self, q):
        return self.filtered(q, [{"id": z.id, "fqdn": z.name + ".", "primary_type": "cloud", "view": "dns/view/1"}
                                 for z in self.store.zones.values()])

    @route("GET", "/api/ddi/v1/dns/record")
    def records(self, q):
        return self.filtered(q, [self.shown(z, r) for z in self.store.zones.values() for r in z.records])

    @route("POST", "/api/ddi/v1/dns/record")
    def create(self, q):
        body = q.json
        zone = self.zone_by_id(body["zone"])
        name, value = zone.absolute(body["name_in_zone"]), body["rdata"]["text"]
        if "ttl" in body and body["inheritance_sources"]["ttl"]["action"] != "override":
            raise Bad("ttl is inherited", 400)
        if zone.find(name, body["type"], value):
            return self.error(409, "The record already exists.")
        return {"result": self.shown(zone, zone.add(name, body["type"], value, body.get("ttl", 28800)))}

    @route("DELETE", "/api/ddi/v1/dns/record/{id}")
    def delete(self, q):
        zone, record = self.record_anywhere(int(q.args["id"][:8], 16))
        zone.remove(record)
        return Answer(204, b"", None)
