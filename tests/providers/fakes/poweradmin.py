"""Poweradmin API v2.

https://docs.poweradmin.org/configuration/api/
Answers are {success, data}, errors {success: false, error: {code, message, details}}; a deletion answers 204. Zones come in pages, the
records of a zone in data.records. Names are absolute; TXT content is stored for PowerDNS in quotes, which are put around it when they
are missing.
The quotes in lists are assumed.
"""
from fakelib import Answer, Fake, header, loose, quote, route

LIST = "/api/v2/zones/{zone}/records"


class Api(Fake):
    creds = {"key": "pwa_canary-poweradmin-3dF8"}
    auth = header("X-API-Key", "key")

    def error(self, status, words):
        return status, {"success": False, "error": {"code": status, "message": words, "details": None}}

    def shown(self, zone, r):
        return {"id": r.id, "zone_id": zone.id, "name": r.name, "type": r.type, "content": quote(r.value) if r.type == "TXT" else r.value,
                "ttl": r.ttl, "priority": 0, "disabled": False}

    @route("GET", "/api/v2/zones")
    def zones_list(self, q):
        items = [{"id": z.id, "name": z.name, "type": "MASTER", "created_at": None} for z in self.store.zones.values()]
        shown, last = self.page(items, q.query.get("page"), q.query.get("per_page") or 25)
        return {"success": True, "data": {"zones": shown}, "pagination": {
            "current_page": int(q.query.get("page", 1)), "per_page": 100, "total": len(items), "last_page": last}}

    @route("GET", LIST)
    def records(self, q):
        zone = self.zone_by_id(q.args["zone"])
        return {"success": True, "data": {"records": [self.shown(zone, r) for r in zone.find(type=q.query.get("type"))]}}

    @route("POST", LIST)
    def create(self, q):
        zone, b = self.zone_by_id(q.args["zone"]), q.json
        if not isinstance(b["ttl"], int):
            return self.error(400, "Invalid TTL")
        record = zone.add(b["name"], b["type"], loose(b["content"]), b["ttl"])
        return 201, {"success": True, "message": "Record created successfully", "data": {"record": self.shown(zone, record)}}

    @route("DELETE", LIST + "/{id}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return Answer(204, b"", None)
