"""ZoneID API v2 (Zone.ee, zone.eu).

https://api.zone.eu/v2
Everything is answered as an array, single things as an array of one; ids are texts; names are absolute; no TTL. The words of an error
are in the header X-Status-Message. DELETE answers 204.
"""
from fakelib import answer_of, Bad, basic, Fake, route


class Api(Fake):
    hosts = ("api.zone.eu",)
    creds = {"user": "kitzoneid", "key": "canary-zoneee-7hTq0bVzM2"}
    auth = basic("user", "key", denied="Invalid API key")

    def error(self, status, words):
        answer = answer_of((status, []))
        answer.headers["X-Status-Message"] = words
        return answer

    def shown(self, zone, r):
        return {"resource_url": f"{self.outside}/v2/dns/{zone.name}/txt/{r.id}", "id": str(r.id), "name": r.name, "destination": r.value,
                "delete": True, "modify": True}

    @route("GET", "/v2/dns/{zone}")
    def zone_get(self, q):
        zone = self.zone(q.args["zone"])
        return [{"resource_url": f"{self.outside}/v2/dns/{zone.name}", "identificator": zone.name, "active": True}]

    @route("GET", "/v2/dns/{zone}/txt")
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return [self.shown(zone, r) for r in zone.find(type="TXT")]

    @route("POST", "/v2/dns/{zone}/txt")
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if set(body) != {"name", "destination"}:
            raise Bad("name and destination are wanted", 422)
        return 201, [self.shown(zone, zone.add(body["name"], "TXT", body["destination"], 3600))]

    @route("DELETE", "/v2/dns/{zone}/txt/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
