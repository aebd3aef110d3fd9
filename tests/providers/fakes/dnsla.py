"""dns.la API.

https://www.dns.la/docs/ApiDoc
Answers are {code, msg, data}, code 200 for success; ids are text; names of domains have a final dot; types are numbers (TXT is 16); hosts
are relative, "@" at the apex; lists have pageIndex and pageSize (100 at most) and total. A record that is there already is refused.
"""
from fakelib import Bad, basic, Fake, route

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "MX": 15, "TXT": 16, "AAAA": 28}


class Api(Fake):
    hosts = ("api.dns.la",)
    creds = {"id": "85068081529119744", "secret": "canary0dnsla0f81c2"}
    auth = basic("id", "secret")

    def error(self, status, words):
        return status, {"code": status, "msg": words, "data": None}

    def quota(self, words):
        return 200, {"code": 400, "msg": words, "data": None}

    def zone_id(self, name, number):
        return "8536999%010d" % number

    def ok(self, data=None):
        return {"code": 200, "msg": "", "data": data}

    def listed(self, q, items, show):
        part, _ = self.page(items, q.query["pageIndex"], q.query["pageSize"])
        return self.ok({"total": len(items), "results": [show(i) for i in part]})

    @route("GET", "/api/domainList")
    def domains(self, q):
        return self.listed(q, list(self.store.zones.values()), lambda z: {"id": z.id, "domain": z.name + ".", "displayDomain": z.name + ".", "state": 1})

    @route("GET", "/api/recordList")
    def records(self, q):
        zone, p = self.zone_by_id(q.query["domainId"]), q.query
        found = [r for r in zone.find(zone.absolute(p["host"]) if p.get("host") else None) if p.get("type") in (None, str(TYPES[r.type]))]
        return self.listed(q, found, lambda r: {"id": str(r.id), "domainId": zone.id, "host": zone.relative(r.name), "type": TYPES[r.type],
                                                "data": r.value, "ttl": r.ttl, "lineName": "", "weight": 0, "disable": False})

    @route("POST", "/api/record")
    def create(self, q):
        b = q.json
        zone, type = self.zone_by_id(b["domainId"]), {n: t for t, n in TYPES.items()}[b["type"]]
        if not isinstance(b["ttl"], int) or not b["host"]:
            raise Bad("bad parameter")
        if zone.find(zone.absolute(b["host"]), type, b["data"]):
            return 200, {"code": 400, "msg": "与已有记录冲突", "data": None}
        return self.ok({"id": str(zone.add(zone.absolute(b["host"]), type, b["data"], b["ttl"]).id)})

    @route("DELETE", "/api/record")
    def delete(self, q):
        zone, r = self.record_anywhere(q.query["id"])
        zone.remove(r)
        return self.ok()
