"""Linode API v4, domains.

https://techdocs.akamai.com/linode-api/reference/get-domains
Lists come in pages of 25 to 500 (100 unless asked); X-Filter holds a JSON filter of attributes. Record names are relative, "" at the
apex. TTLs are rounded up to one of a fixed set. Errors are {"errors": [{"reason", "field"}]}.
"""
import json

from fakelib import Fake, bearer, route, told, WORDS

TTLS = (300, 3600, 7200, 14400, 28800, 57600, 86400, 172800, 345600, 604800, 1209600, 2419200)


class Api(Fake):
    hosts = ("api.linode.com",)
    creds = {"token": "canary-linode-7d1fa0c35b9e"}
    auth = bearer("token", denied="Invalid Token")
    page_most = 500

    error = told({"errors": [{"reason": WORDS}]})

    def listed(self, q, items):
        wanted = json.loads(q.headers.get("X-Filter") or "{}")
        items = [i for i in items if all(i[k] == v for k, v in wanted.items())]
        size = int(q.query.get("page_size", 100))
        if not 25 <= size <= 500:
            return self.error(400, "Must be 25-500")
        shown, pages = self.page(items, q.query.get("page"), size)
        return {"data": shown, "page": int(q.query.get("page", 1)), "pages": pages, "results": len(items)}

    def shown(self, zone, r):
        return {"id": r.id, "type": r.type, "name": zone.relative(r.name, ""), "target": r.value, "priority": 0, "weight": 0, "port": 0,
                "service": None, "protocol": None, "ttl_sec": r.ttl, "tag": None, "created": "2026-01-01T00:01:01"}

    @route("GET", "/v4/domains")
    def domains(self, q):
        return self.listed(q, [{"id": z.id, "domain": z.name, "type": "master", "status": "active"} for z in self.store.zones.values()])

    @route("GET", "/v4/domains/{id}/records")
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        return self.listed(q, [self.shown(zone, r) for r in zone.records])

    @route("POST", "/v4/domains/{id}/records")
    def create(self, q):
        zone, b = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(b.get("ttl_sec", 0), int):
            return self.error(400, "ttl_sec must be a number")
        ttl = next((t for t in TTLS if t >= b.get("ttl_sec", 0)), TTLS[-1])
        return self.shown(zone, zone.add(zone.absolute(b["name"]), b["type"], b["target"], ttl))

    @route("DELETE", "/v4/domains/{id}/records/{record}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["record"]))
        return {}
