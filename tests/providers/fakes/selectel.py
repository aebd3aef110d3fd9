"""Selectel domains API v1 (and Vscale, which is the same on another host).

https://kb.selectel.com/23136054.html
https://developers.vscale.io/documentation/api/v1/
A zone is asked by name, its records by its id; /records/ ends in a slash, a single record does not; ids are numbers; names are
absolute; TTL 60 to 604800; DELETE answers 204. Errors are {error}.
"""
from fakelib import Bad, Fake, header, route, told, WORDS


class Api(Fake):
    hosts = ("api.selectel.ru",)
    creds = {"token": "canaryselectel7d2f40c6b1e9_50237"}
    base = ""
    top = "/domains/v1"

    def handle(self, q):
        if not q.raw_path.startswith(self.top + "/"):
            return None
        q.raw_path = q.raw_path[len(self.top):]
        try:
            return super().handle(q)
        finally:
            q.raw_path = self.top + q.raw_path

    auth = header("X-Token", "token", denied="unauthorized")
    error = told({"error": WORDS})

    def shown(self, r):
        return {"id": r.id, "name": r.name, "type": r.type, "ttl": r.ttl, "content": r.value, "create_date": 1430999999,
                "change_date": 1430999999}

    @route("GET", "/{name}")
    def zone_get(self, q):
        zone = self.zone(q.args["name"])
        return {"id": zone.id, "name": zone.name, "create_date": 1430999999, "change_date": 1430999999, "user_id": 5023, "tags": []}

    @route("GET", "/{id}/records/")
    def records(self, q):
        return [self.shown(r) for r in self.zone_by_id(q.args["id"]).records]

    @route("POST", "/{id}/records/")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(body["ttl"], int) or not 60 <= body["ttl"] <= 604800:
            raise Bad("bad_request: ttl")
        return self.shown(zone.add(body["name"].rstrip(".").lower(), body["type"], body["content"], body["ttl"]))

    @route("DELETE", "/{id}/records/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["rid"]))


class Vscale(Api):
    hosts = ("api.vscale.io",)
    creds = {"token": "canaryvscale1c9b66f0d8e372a4"}
    top = "/v1/domains"
