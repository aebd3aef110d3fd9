"""OpusDNS API v1, DNS zones.

https://developers.opusdns.com/
PATCH of a zone's records does a list of ops: upsert puts a record (one value of a name and type) if it is not there, remove takes it away
and does nothing when it is not there; rdata is in presentation format, bare words are taken too; 204. Errors are problem details.
"""
from fakelib import Bad, Fake, header, loose, route

ZONE = "/v1/dns/{zone}"


class Api(Fake):
    hosts = ("api.opusdns.com",)
    creds = {"key": "canaryopk_8fWm2Zt0qLx6"}
    auth = header("X-Api-Key", "key", denied="Could not validate credentials")

    def error(self, status, words):
        return status, {"type": f"https://httpproblems.com/http-status/{status}", "title": "Error", "status": status, "detail": words}

    no_zone = ("Zone not found.", 404)

    @route("GET", ZONE)
    def zone_get(self, q):
        zone = self.zone(q.args["zone"])
        return {"name": zone.name, "dnssec_status": "disabled", "rrsets": []}

    @route("PATCH", ZONE + "/records")
    def patch(self, q):
        zone = self.zone(q.args["zone"])
        for op in q.json["ops"]:
            r = op["record"]
            name, value = zone.absolute(r["name"]), loose(r["rdata"])
            found = zone.find(name, r["type"], value)
            if op["op"] == "upsert":
                if not isinstance(r["ttl"], int) or r["ttl"] < 60:
                    raise Bad("ttl: must be at least 60", 422)
                if not found:
                    zone.add(name, r["type"], value, r["ttl"])
            elif op["op"] == "remove":
                for record in found:
                    zone.remove(record)
            else:
                raise Bad("op: must be upsert or remove", 422)
