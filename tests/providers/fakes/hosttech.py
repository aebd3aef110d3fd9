"""hosttech DNS API, user v1.

https://api.ns1.hosttech.eu/api/documentation
Everything is below "data"; a zone is asked by id or name, its records by the id and filtered by type; names of records are relative,
"" at the apex; DELETE answers 204. Errors are {message, errors}.
"""
from fakelib import Bad, bearer, Fake, route

ZONE = "/api/user/v1/zones/{zone}"


class Api(Fake):
    hosts = ("api.ns1.hosttech.eu",)
    creds = {"key": "canary-hosttech-Vb2RkqP81xwD"}
    auth = bearer("key", denied="Unauthenticated.")

    def zone(self, key):
        return self.zone_by_id(key) if key.isdigit() else super().zone(key)

    def shown(self, zone, r):
        where = {"A": "ipv4", "CNAME": "cname", "TXT": "text"}.get(r.type, "name")
        return {"id": r.id, "type": r.type, "name": zone.relative(r.name, ""), "ttl": r.ttl, "comment": "", where: r.value}

    @route("GET", ZONE, absent=True)  # the answer for a zone that is not here
    def zone_get(self, q):
        zone = self.zone(q.args["zone"])
        return {"data": {"id": zone.id, "name": zone.name, "email": "hostmaster@example.test", "ttl": 10800, "nameserver": "ns1.hosttech.ch",
                         "dnssec": False}}

    @route("GET", ZONE + "/records")
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return {"data": [self.shown(zone, r) for r in zone.find(type=q.query.get("type"))]}

    @route("POST", ZONE + "/records")
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not isinstance(body["ttl"], int) or body["ttl"] < 600:
            raise Bad("The given data was invalid.", 422)
        return 201, {"data": self.shown(zone, zone.add(zone.absolute(body["name"]), body["type"], body["text"], body["ttl"]))}

    @route("DELETE", ZONE + "/records/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
