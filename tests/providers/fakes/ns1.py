"""NS1 Connect API v1.

https://developer.ibm.com/apis/catalog/ns1--ibm-ns1-connect-api/
A record is a set of answers; PUT makes it (refused when it is there), POST changes it, DELETE removes it; names are absolute, without
final dot. 404 is "record not found" or "zone not found". Answers have ids and may have metadata, which a client sends back.
"""
from fakelib import Bad, Fake, header, route

SET = "/v1/zones/{zone}/{name}/{type}"


class Api(Fake):
    hosts = ("api.nsone.net",)
    creds = {"key": "canary-ns1-9qLr6Tz1UiBx"}
    auth = header("X-NSONE-Key", "key", denied="Unauthorized")

    no_zone = ("zone not found", 404)

    def shown(self, zone, name, type):
        found = zone.find(name, type)
        return {"id": "%024x" % found[0].id, "zone": zone.name, "domain": name, "type": type, "ttl": found[0].ttl, "tier": 1, "meta": {},
                "regions": {}, "filters": [], "use_client_subnet": True, "link": None,
                "answers": [{"id": "%024x" % r.id, "answer": [r.value]} for r in found]}

    def set_of(self, q, there):
        zone = self.zone(q.args["zone"])
        name, type = q.args["name"].lower(), q.args["type"]
        if bool(zone.find(name, type)) != there:
            raise Bad("record not found", 404) if there else Bad("record already exists", 400)
        return zone, name, type

    def write(self, q, there):
        zone, name, type = self.set_of(q, there)
        body = q.json
        if not there and (body["zone"], body["domain"], body["type"]) != (zone.name, name, type):
            return self.error(400, "zone, domain and type of the body differ from the path")
        values = [a["answer"][0] for a in body["answers"]]
        if not values or not isinstance(body.get("ttl", 3600), int):
            return self.error(400, "Input validation failed")
        zone.replace(name, type, values, body.get("ttl", 3600))
        return self.shown(zone, name, type)

    @route("GET", "/v1/zones")
    def zones_list(self, q):
        return [{"id": "%024x" % z.id, "zone": z.name} for z in self.store.zones.values()]

    @route("GET", "/v1/zones/{zone}")
    def zone_get(self, q):
        return {"zone": self.zone(q.args["zone"]).name, "ttl": 3600}

    @route("GET", SET, absent=True)
    def get(self, q):
        return self.shown(*self.set_of(q, True))

    @route("PUT", SET)
    def put(self, q):
        return self.write(q, False)

    @route("POST", SET)
    def post(self, q):
        return self.write(q, True)

    @route("DELETE", SET)
    def delete(self, q):
        zone, name, type = self.set_of(q, True)
        zone.replace(name, type, [])
        return {}
