"""Leaseweb hosting API v2, resource record sets.

https://developer.leaseweb.com/docs/#tag/DNS
Names end in a dot; POST makes a set (409 when it is there), PUT replaces ttl and content of one (other members are refused), DELETE takes
it away; TTL from a fixed list. Errors are {correlationId, errorCode, errorMessage}.
"""
from fakelib import Bad, Fake, header, loose, route

SETS = "/hosting/v2/domains/{zone}/resourceRecordSets"
TTLS = (60, 300, 1800, 3600, 14400, 28800, 43200, 86400)


class Api(Fake):
    hosts = ("api.leaseweb.com",)
    creds = {"key": "canary-leaseweb-0a1b2c3d-9f8e"}
    auth = header("X-LSW-Auth", "key", denied="You are not authorized to view this resource.")

    def error(self, status, words):
        return status, {"correlationId": "289346a1-3eaf-4da4-b707-62ef12eb08be", "errorCode": str(status), "errorMessage": words}

    def name(self, text):
        if not text.endswith("."):
            raise Bad("name must end with a dot")
        return text[:-1].lower()

    def shown(self, zone, name, type):
        path = f"/domains/{zone.name}/resourceRecordSets"
        return {"name": name + ".", "type": type, "content": zone.values(name, type), "ttl": zone.find(name, type)[0].ttl, "editable": True,
                "_links": {"self": {"href": f"{path}/{name}./{type}"}, "collection": {"href": path}}}

    def there(self, q):
        zone, name = self.zone(q.args["zone"]), self.name(q.args["name"])
        if not zone.find(name, q.args["type"]):
            raise Bad("Resource not found", 404)
        return zone, name, q.args["type"]

    def write(self, zone, name, type, body):
        if body["ttl"] not in TTLS or not body["content"] or len(set(body["content"])) != len(body["content"]):
            raise Bad("The API could not interpret your request correctly.")
        zone.replace(name, type, [loose(v) for v in body["content"]], body["ttl"])
        return self.shown(zone, name, type)

    @route("GET", SETS)
    def sets(self, q):
        zone = self.zone(q.args["zone"])
        keys = dict.fromkeys((r.name, r.type) for r in zone.records)
        return {"resourceRecordSets": [self.shown(zone, n, t) for n, t in keys], "_links": {}}

    @route("POST", SETS)
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        name = self.name(body["name"])
        if zone.find(name, body["type"]):
            raise Bad("The resource record set already exists", 409)
        return 201, self.write(zone, name, body["type"], body)

    @route("GET", SETS + "/{name}/{type}", absent=True)
    def get(self, q):
        return self.shown(*self.there(q))

    @route("PUT", SETS + "/{name}/{type}")
    def put(self, q):
        if set(q.json) != {"content", "ttl"}:
            raise Bad("The API could not interpret your request correctly.")
        return self.write(*self.there(q), q.json)

    @route("DELETE", SETS + "/{name}/{type}")
    def delete(self, q):
        zone, name, type = self.there(q)
        zone.replace(name, type, [])
