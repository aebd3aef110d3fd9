"""Simply.com API v2, DNS records of a product.

https://www.simply.com/en/docs/api/
A product is named by its domain. Names are relative, "@" at the apex; final slashes are part of the paths. Errors are {"error": words}.
"""
from fakelib import Fake, basic, route, told, WORDS


class Api(Fake):
    hosts = ("api.simply.com",)
    creds = {"account": "S104711", "key": "canary-simply-3pQz8nYc"}
    auth = basic("account", "key", denied="Invalid account authorization")
    error = told({"error": WORDS})

    no_zone = ("Unknown or invalid product reference", 404)

    @route("GET", "/2/my/products/{zone}/dns/records/")
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return {"status": 200, "message": "success", "records": [
            {"record_id": r.id, "name": zone.relative(r.name), "ttl": r.ttl, "data": r.value, "type": r.type, "priority": 0}
            for r in zone.records]}

    @route("POST", "/2/my/products/{zone}/dns/records/")
    def create(self, q):
        zone, b = self.zone(q.args["zone"]), q.json
        if not isinstance(b["ttl"], int):
            return self.error(400, "Invalid TTL")
        return {"status": 200, "message": "success", "record": {"id": zone.add(zone.absolute(b["name"]), b["type"], b["data"],
            b["ttl"]).id}}

    @route("DELETE", "/2/my/products/{zone}/dns/records/{id}/")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        found = zone.find(id=q.args["id"])
        if not found:
            return self.error(404, "Unknown DNS record")
        zone.remove(found[0])
        return {"status": 200, "message": "success"}
