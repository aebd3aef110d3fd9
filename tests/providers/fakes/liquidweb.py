"""Liquid Web API, Network/DNS.

https://api.liquidweb.com/docs/
Every call is a POST of {"params": {...}}. Lists are {items, item_count, item_total, page_num, page_size, page_total}. Errors come with
status 200 as {error_class, full_message}. Names are absolute, rdata of TXT is in quotes, ids are numbers.
"""
from fakelib import Bad, Fake, basic, quote, route, unquote

DNS = "/bleed/Network/DNS/"


class Api(Fake):
    hosts = ("api.liquidweb.com",)
    creds = {"username": "kitapi", "password": "canary-liquidweb-Zq71LmT"}
    auth = basic("username", "password")

    def denied(self, q):
        return 401, {"error_class": "LW::Exception::API::Unauthorized", "full_message": "Unauthorized"}

    def error(self, status, words):
        return status, {"error_class": "LW::Exception::API::Internal" if status >= 500 else "LW::Exception::Input", "full_message": words}

    quota_status = 200

    def run(self, q):
        answer = super().run(q)
        answer.status = 200 if answer.status in (400, 404) and b"no such path" not in answer.body else answer.status
        return answer

    def missing(self, words):
        return {"error_class": "LW::Exception::RecordNotFound", "full_message": words}

    def listed(self, params, items):
        part, pages = self.page(items, params.get("page_num"), params.get("page_size", 25))
        return {"items": part, "item_count": len(part), "item_total": len(items), "page_num": params.get("page_num", 1),
                "page_size": params.get("page_size", 25), "page_total": pages}

    def shown(self, zone, r):
        return {"id": r.id, "name": r.name, "type": r.type, "rdata": quote(r.value) if r.type == "TXT" else r.value, "ttl": r.ttl,
                "prio": None, "zone_id": zone.id, "created": "2026-01-01 00:00:00", "last_updated": "2026-01-01 00:00:00"}

    @route("POST", DNS + "Zone/list")
    def zones_list(self, q):
        return self.listed(q.json.get("params", {}), [{"id": z.id, "name": z.name, "active": 1, "delegation_status": "CORRECT"}
                                                      for z in self.store.zones.values()])

    @route("POST", DNS + "Record/list")
    def records(self, q):
        p = q.json["params"]
        zone = self.zone_by_id(p["zone_id"])
        return self.listed(p, [self.shown(zone, r) for r in zone.records])

    @route("POST", DNS + "Record/create")
    def create(self, q):
        p = q.json["params"]
        zone = self.zone_by_id(p["zone_id"])
        if not isinstance(p["ttl"], int) or p["ttl"] < 300:
            raise Bad("ttl: must be at least 300")
        return self.shown(zone, zone.add(p["name"], p["type"], unquote(p["rdata"]), p["ttl"]))

    @route("POST", DNS + "Record/delete")
    def delete(self, q):
        try:
            zone, record = self.record_anywhere(q.json["params"]["id"])
        except Bad:
            return self.missing("Record not found")
        zone.remove(record)
        return {"deleted": record.id}
