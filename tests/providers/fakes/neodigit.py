"""Neodigit TCpanel API v1 (and Virtualname, which is the same on another host).

https://developers.neodigit.net/
Lists are bare arrays; names are relative, "" at the apex; the new record is inside {record: ...} and answered bare with 201.
The documents show no error but its status: {message} here.
"""
from fakelib import Fake, header, route

RECORDS = "/v1/dns/zones/{id}/records"


class Api(Fake):
    hosts = ("api.neodigit.net",)
    creds = {"token": "canary-neodigit-6Jp0xVtq81"}
    auth = header("X-TCpanel-Token", "token")

    def shown(self, zone, r):
        return {"id": r.id, "name": zone.relative(r.name, ""), "type": r.type, "content": r.value, "ttl": r.ttl, "prio": None,
                "created_at": "2015-09-21T14:40:27.127+02:00", "updated_at": "2015-09-21T14:40:27.127+02:00"}

    @route("GET", "/v1/dns/zones")
    def zones_list(self, q):
        return [{"id": z.id, "name": z.name, "human_name": z.name, "created_at": "2015-09-21T12:19:04.000+02:00"} for z in self.store.zones.values()]

    @route("GET", RECORDS)
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        return [self.shown(zone, r) for r in zone.find(type=q.query.get("type"))]

    @route("POST", RECORDS)
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json["record"]
        if not isinstance(body["ttl"], int):
            return self.error(422, "ttl is not a number")
        return 201, self.shown(zone, zone.add(zone.absolute(body["name"]), body["type"], body["content"], body["ttl"]))

    @route("DELETE", RECORDS + "/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["rid"]))


class Virtualname(Api):
    hosts = ("api.virtualname.net",)
    creds = {"token": "canary-virtualname-8Tp3xQwq55"}
