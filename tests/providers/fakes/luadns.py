"""LuaDNS REST API v1.

https://luadns.com/api.html
Basic authentication with e-mail and token; Accept must be application/json; names are absolute with a final dot; ids are numbers;
creation and deletion answer the record; TTL 300 at least; 1200 requests in five minutes. Errors are {status, request_id, message}.
"""
from fakelib import Fake, basic, listing, route


class Api(Fake):
    hosts = ("api.luadns.com",)
    creds = {"user": "kit@example.test", "token": "canaryluadns61c3a9f0e7"}
    auth = basic("user", "token")

    def error(self, status, words):
        return status, {"status": {401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}.get(status, "Bad Request"),
                        "request_id": "9b2c1d", "message": words}

    def shown(self, zone, r):
        return {"id": r.id, "name": r.name + ".", "type": r.type, "content": r.value, "ttl": r.ttl, "zone_id": zone.id, "generated": False,
                "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}

    @route("GET", "/v1/zones")
    def zones_list(self, q):
        if q.headers.get("Accept") != "application/json":
            return self.error(406, "Accept must be application/json")
        return [{"id": z.id, "name": z.name, "synced": True, "queries_count": 0, "records_count": len(z.records), "aliases_count": 0,
                 "redirects_count": 0, "forwards_count": 0, "template_id": 0} for z in self.store.zones.values()]

    records = listing("/v1/zones/{id}/records")

    @route("POST", "/v1/zones/{id}/records")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if not body["name"].endswith("."):
            return self.error(400, "name: must be fully qualified")
        if not isinstance(body["ttl"], int) or body["ttl"] < 300:
            return self.error(400, "ttl: must be at least 300")
        return self.shown(zone, zone.add(zone.absolute_or_dot(body["name"]), body["type"], body["content"], body["ttl"]))

    @route("DELETE", "/v1/zones/{id}/records/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        record = self.record(zone, q.args["rid"])
        zone.remove(record)
        return self.shown(zone, record)
