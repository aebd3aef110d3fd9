"""PointDNS (PointHQ) API.

https://w.pointhq.com/api/docs
Basic authentication with e-mail and token; Accept and Content-Type must be application/json; a zone is named by id or name;
everything is wrapped: [{zone_record: {...}}]; names with a final dot are absolute, as in the answers, others relative; creation
answers 201, deletion 202. The documentation says nothing of the bodies of errors: {message} here.
"""
from fakelib import basic, Fake, loose, route


class Api(Fake):
    hosts = ("api.pointhq.com",)
    creds = {"user": "kit@example.test", "token": "canary-pointhq-a5d2-7c19e0"}
    auth = basic("user", "token")

    def zone(self, name):
        return self.zone_by_id(name) if name.isdigit() else super().zone(name)

    def shown(self, zone, r):
        return {"zone_record": {"id": r.id, "name": r.name + ".", "record_type": r.type, "data": r.value, "ttl": r.ttl, "aux": None,
                                "redirect_to": None, "zone_id": zone.id}}

    @route("GET", "/zones/{zone}/records")
    def records(self, q):
        if q.headers.get("Accept") != "application/json":
            return 406, ""
        zone = self.zone(q.args["zone"])
        return [self.shown(zone, r) for r in zone.records]

    @route("POST", "/zones/{zone}/records")
    def create(self, q):
        zone, r = self.zone(q.args["zone"]), q.json["zone_record"]
        if not isinstance(r.get("ttl", 3600), int):
            return self.error(422, "ttl is not a number")
        return 201, self.shown(zone, zone.add(zone.absolute_or_dot(r["name"]), r["record_type"], loose(r["data"]), r.get("ttl", 3600)))

    @route("DELETE", "/zones/{zone}/records/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return 202, {"zone_record": {"status": "OK"}}
