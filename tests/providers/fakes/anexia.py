"""Anexia Engine, CloudDNS v1.

https://engine.anexia-it.com/docs/en/module/clouddns/api
Names are relative, "@" at the apex; identifiers are UUIDs; creation answers the whole zone with its revisions, whose records may
not have identifiers yet; rdata of TXT is written bare and comes back in quotes; errors are {error: {code, message}}. Shapes as in
the answers recorded by lego.
"""
import uuid

from fakelib import Bad, Fake, header, loose, quote, route, told, STATUS, WORDS

TOP = "/api/clouddns/v1/zone.json/{zone}"


class Api(Fake):
    hosts = ("engine.anexia-it.com",)
    creds = {"token": "canaryanexia5K2vX0qLw8RtYb3N"}
    auth = header("Authorization", "token", "Token ", denied="Unauthorized")
    error = told({"error": {"code": STATUS, "message": WORDS}})

    def record_id(self, r):
        return str(uuid.uuid5(uuid.NAMESPACE_OID, str(r.id)))

    def shown(self, zone, r):
        return {"identifier": self.record_id(r), "immutable": False, "name": zone.relative(r.name),
                "type": r.type,
                "rdata": quote(r.value) if r.type == "TXT" else r.value, "region": "", "ttl": r.ttl}

    @route("GET", TOP + "/records")
    def records(self, q):
        zone = self.zone(q.args["zone"])
        all = [self.shown(zone, r) for r in zone.records]
        return [r for r in all if q.query.get("name", r["name"]) == r["name"] and q.query.get("type", r["type"]) == r["type"]]

    @route("POST", TOP + "/records")
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not body["name"] or not isinstance(body.get("ttl", 3600), int):
            raise Bad("name or ttl is invalid", 422)
        zone.add(zone.absolute(body["name"]), body["type"], loose(body["rdata"]), body.get("ttl", 3600))
        return {"name": zone.name, "zone_name": zone.name, "master": True, "deployment_level": 0, "validation_level": 0, "revisions": [
            {"identifier": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "serial": 1, "state": "deployed",
             "records": [self.shown(zone, r) for r in zone.records]}]}

    @route("DELETE", TOP + "/records/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return {"status": "OK"}
