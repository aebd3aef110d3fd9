"""Nodion API v1, DNS zones.

https://www.nodion.com/en/docs/dns/api/
Zones and records are filtered by exact query parameters; "@" is the apex; answers have the record in `record`, lists in `records` and
`dns_zones`; ids are UUIDs. The bodies of errors are not documented: {errors: [..]} here.
"""
import uuid

from fakelib import Bad, Fake, route, told, WORDS

ZONES = "/v1/dns_zones"


class Api(Fake):
    hosts = ("api.nodion.com",)
    creds = {"token": "canary-nodion-8bZ0rK2wTq"}
    no_record = ("Record not found", 404)

    def zone_id(self, name, number):
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))

    def record_id(self, r):
        return str(uuid.uuid5(uuid.NAMESPACE_URL, str(r.id)))

    error = told({"errors": [WORDS]})

    def shown(self, zone, r):
        return {"id": self.record_id(r), "zone_id": zone.id, "record_type": r.type, "name": zone.relative(r.name), "content": r.value, "ttl": r.ttl,
                "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z"}

    @route("GET", ZONES)
    def zones_list(self, q):
        return {"dns_zones": [{"id": z.id, "name": z.name} for z in self.store.zones.values() if q.query.get("name") in (None, z.name)]}

    @route("GET", ZONES + "/{id}/records")
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        name = zone.absolute(q.query["name"]) if "name" in q.query else None
        return {"records": [self.shown(zone, r) for r in zone.find(name, q.query.get("record_type"), q.query.get("content"))]}

    @route("POST", ZONES + "/{id}/records")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(body["ttl"], int) or not body["name"]:
            raise Bad("Name can't be blank", 422)
        return 201, {"record": self.shown(zone, zone.add(zone.absolute(body["name"]), body["record_type"], body["content"], body["ttl"]))}

    @route("DELETE", ZONES + "/{id}/records/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["rid"]))
        return {"deleted": True}
