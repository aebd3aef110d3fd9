"""NederHost DNS API v1.

https://www.nederhost.nl/kennisbank/domeinnamen/DNS/REST_DNS-API
PATCH adds contents to the set of a name and type and answers the set; DELETE with ?content= takes one away, without it the set; names
are absolute. GET of a zone answers 204 when it is there. Bodies of errors are not documented: {error} here.
"""
from fakelib import Answer, bearer, Fake, route, told, WORDS

SET = "/dns/v1/zones/{zone}/records/{name}/{type}"


class Api(Fake):
    hosts = ("api.nederhost.nl",)
    creds = {"key": "canary-nederhost-Qp4Vn81z"}
    auth = bearer("key")
    error = told({"error": WORDS})

    @route("GET", "/dns/v1/zones/{zone}")
    def zone_get(self, q):
        self.zone(q.args["zone"])

    @route("PATCH", SET)
    def patch(self, q):
        zone, name, type = self.zone(q.args["zone"]), q.args["name"], q.args["type"]
        if not isinstance(q.json, list):
            return self.error(400, "a list is wanted")
        for r in q.json:
            if set(r) - {"content", "ttl"}:
                return self.error(400, "unknown member")
            if not zone.find(name, type, r["content"]):
                zone.add(name, type, r["content"], r.get("ttl", 3600))
        return {name: {type: [{"id": r.id, "ttl": r.ttl, "content": r.value} for r in zone.find(name, type)]}}

    @route("DELETE", SET)
    def delete(self, q):
        zone, name, type = self.zone(q.args["zone"]), q.args["name"], q.args["type"]
        found = zone.find(name, type, q.query.get("content"))
        if not found:
            return self.error(404, "no such record")
        for r in found:
            zone.remove(r)
        return Answer(204, b"", None)
