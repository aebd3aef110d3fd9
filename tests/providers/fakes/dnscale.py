"""DNScale API v1.

https://dnscale.eu/api
Answers are {status, data}, errors {status: error, error: {code, message}}; lists are data {items, total, limit, offset}; ids are
texts (zone_..., rec_...); names are written absolute and read with a final dot; a record can be deleted by id, or by name, type and
content. A set cannot have an equal record twice. Shapes as in the answers recorded by lego.
"""
from fakelib import Bad, Fake, route


class Api(Fake):
    hosts = ("api.dnscale.eu",)
    creds = {"token": "canarydnscale1b7e40c9d2f5"}

    def zone_id(self, name, number):
        return f"zone_{number:06x}"

    def error(self, status, words):
        return status, {"status": "error", "error": {"code": {401: "UNAUTHORIZED", 404: "NOT_FOUND"}.get(status, "BAD_REQUEST"),
                                                     "message": words}}

    @route("GET", "/v1/zones")
    def zones_list(self, q):
        all = [{"id": z.id, "name": z.name, "type": "primary", "status": "active",
                "record_count": len(z.records)} for z in self.store.zones.values()]
        limit, offset = min(100, int(q.query.get("limit", 20))), int(q.query.get("offset", 0))
        return {"status": "success", "data": {"items": all[offset:offset + limit], "total": len(all), "limit": limit, "offset": offset}}

    @route("POST", "/v1/zones/{id}/records")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(body["ttl"], int) or body["ttl"] < 60:
            raise Bad("ttl is too low", 422)
        name = body["name"].rstrip(".").lower()
        found = zone.find(name, body["type"], body["content"])
        r = found[0] if found else zone.add(name, body["type"], body["content"], body["ttl"])
        return 201, {"status": "success", "data": {"message": "Record created successfully", "record": {
            "id": f"rec_{r.id:06x}", "name": r.name + ".", "type": r.type, "content": r.value, "ttl": r.ttl, "disabled": False}}}

    @route("DELETE", "/v1/zones/{id}/records/by-name/{name}/{type}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        found = zone.find(q.args["name"].rstrip("."), q.args["type"], q.query.get("content"))
        if not found:
            raise Bad("Record not found", 404)
        for r in found:
            zone.remove(r)
        return {"status": "success", "data": {"message": "Record deleted successfully"}}
