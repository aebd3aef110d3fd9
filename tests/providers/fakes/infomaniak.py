"""Infomaniak API v2, DNS zones.

https://developer.infomaniak.com/docs/api/get/2/zones/%7Bzone%7D/records
Answers are {result: success, data} or {result: error, error: {code, description}}; /exists of a zone of nobody is 404 object_not_found.
`source` is relative, "" at the apex; TXT targets come back in quotes. 60 requests a minute.
"""
from fakelib import Fake, bearer, loose, quote, route

ZONE = "/2/zones/{zone}"


class Api(Fake):
    hosts = ("api.infomaniak.com",)
    creds = {"token": "canary-infomaniak-4xT0pQz81mVbW"}
    auth = bearer("token", denied="Unauthorized")

    def error(self, status, words):
        codes = {401: "not_authorized", 403: "forbidden", 404: "object_not_found", 422: "validation_failed", 429: "too_many_requests"}
        return status, {"result": "error", "error": {"code": codes.get(status, "unexpected_error"), "description": words}}

    def shown(self, zone, r):
        sub = zone.relative(r.name, "")
        return {"id": r.id, "source": sub, "source_idn": r.name, "type": r.type, "ttl": r.ttl, "updated_at": 1779826643,
                "target": quote(r.value) if r.type == "TXT" else r.value}

    @route("GET", ZONE + "/exists", absent=True)
    def exists(self, q):
        self.zone(q.args["zone"])
        return {"result": "success", "data": True}

    @route("GET", ZONE + "/records")
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return {"result": "success", "data": [self.shown(zone, r) for r in zone.records]}

    @route("POST", ZONE + "/records")
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not isinstance(body["ttl"], int) or body["ttl"] < 60:
            return self.error(422, "Validation failed: ttl")
        r = zone.add(zone.absolute(body["source"]), body["type"], loose(body["target"]), body["ttl"])
        return 201, {"result": "success", "data": self.shown(zone, r)}

    @route("DELETE", ZONE + "/records/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return {"result": "success", "data": True}
