"""Syse DNS API.

https://www.syse.no/api/dns
Basic authentication with the zone and a password of that zone; a record is {id, type, prefix, content, ttl, active}, the id is
text, the prefix is relative, "" at the apex. The list of a zone is an array of such records. Bodies of errors are not known:
{message} here.
"""
from fakelib import Bad, Fake, listing, route


class Api(Fake):
    hosts = ("www.syse.no",)
    creds = {"passwords": "".join(f"{z} canary-syse-Ym4Nb8Vc\n" for z in ("example.test", "_acme-challenge.host.example.test", "not-here.test"))}

    def auth(self, q):
        return q.basic and q.basic[0] == q.raw_path.split("/")[3] and q.basic[1] == "canary-syse-Ym4Nb8Vc"

    def shown(self, zone, r):
        return {"id": str(r.id), "type": r.type, "prefix": zone.relative(r.name, ""), "content": r.value, "ttl": r.ttl, "active": True}

    records = listing("/api/dns/{zone}")

    @route("POST", "/api/dns/{zone}")
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if body.get("active") is not True or not isinstance(body["ttl"], int):
            raise Bad("active or ttl is not valid")
        return self.shown(zone, zone.add(zone.absolute(body["prefix"]), body["type"], body["content"], body["ttl"]))

    @route("DELETE", "/api/dns/{zone}/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
