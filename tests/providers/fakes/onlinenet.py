"""Online.net API v1.

https://console.online.net/en/api/
The active version of a zone is patched by a list of changes: ADD puts records, DELETE removes the ones with the name, type and data. Names are
relative, "@" at the apex; TXT data is shown in quotes and taken with or without. Errors are {code, error}.
"""
from fakelib import Answer, Bad, Fake, bearer, loose, quote, route, told, WORDS


class Api(Fake):
    hosts = ("api.online.net",)
    creds = {"token": "canaryonlinenet30b7f1a94c"}
    auth = bearer("token", denied="Invalid Token")

    error = told({"code": 5, "error": WORDS})

    @route("GET", "/api/v1/domain/{zone}/zone")
    def zone_get(self, q):
        zone = self.zone(q.args["zone"])
        return [{"id": r.id, "name": zone.relative(r.name), "type": r.type, "aux": 0, "ttl": r.ttl,
                 "data": quote(r.value) if r.type == "TXT" else r.value} for r in zone.records]

    @route("PATCH", "/api/v1/domain/{zone}/version/active")
    def patch(self, q):
        zone = self.zone(q.args["zone"])
        for c in q.json:
            name = zone.absolute(c["name"])
            if c["changeType"] == "ADD":
                for r in c["records"]:
                    if not isinstance(r["ttl"], int):
                        raise Bad("ttl: invalid")
                    zone.add(zone.absolute(r["name"]), r["type"], loose(r["data"]), r["ttl"])
            elif c["changeType"] == "DELETE":
                for r in zone.find(name, c["type"], loose(c["data"])):
                    zone.remove(r)
            else:
                raise Bad("changeType: invalid")
        return Answer(204, b"", None)
