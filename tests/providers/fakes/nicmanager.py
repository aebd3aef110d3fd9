"""Nicmanager API v1, anycast DNS and zones.

https://api.nicmanager.com/docs/v1/
Basic authentication as login.user (or e-mail). A zone is read with its records (absolute names, `content`), which are written with `value`;
changes answer 202; TTL 900 at least; errors are {message}.
"""
from fakelib import Answer, Fake, route

ZONE = "/v1/anycast/{zone}"


class Api(Fake):
    hosts = ("api.nicmanager.com",)
    creds = {"login": "kitlogin", "user": "dns", "password": "canary-nicmanager-2Vx7"}

    def auth(self, q):
        return q.basic == ("kitlogin.dns", self.creds["password"])

    def denied(self, q):
        return self.error(401, "Unauthorized")

    no_zone = ("Not Found", 404)

    @route("GET", ZONE)
    def zone_get(self, q):
        zone = self.zone(q.args["zone"])
        return {"order_id": 9053, "name": zone.name, "order_status": "active", "event_status": "done", "active": True, "records": [
            {"id": r.id, "name": r.name, "type": r.type, "content": r.value, "ttl": r.ttl, "priority": 0, "active": True} for r in zone.records]}

    @route("POST", ZONE + "/records")
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not isinstance(body["ttl"], int) or body["ttl"] < 900:
            return self.error(422, "ttl: must be at least 900")
        zone.add(body["name"].rstrip(".").lower(), body["type"], body["value"], body["ttl"])
        return Answer(202, b"", None)

    @route("DELETE", ZONE + "/records/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return Answer(202, b"", None)
