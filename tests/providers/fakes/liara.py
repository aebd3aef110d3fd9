"""Liara DNS API v1.

https://openapi.liara.ir/?urls.primaryName=DNS
Records of a zone have `contents`, for TXT a list of {text}; names are relative, "@" at the apex; TTL 120 to 432000. A created record is in
`data`, with 201; a deletion answers 204. Errors are {statusCode, error, message}.
"""
from fakelib import Answer, bearer, Fake, route

RECORDS = "/api/v1/zones/{zone}/dns-records"


class Api(Fake):
    hosts = ("dns-service.iran.liara.ir",)
    creds = {"key": "eyJcanaryliara.eyJraXQiOjF9.x7Tq"}
    auth = bearer("key", denied="Invalid token missing header")

    def error(self, status, words):
        return status, {"statusCode": status, "error": {401: "Unauthorized", 404: "Not Found"}.get(status, "Bad Request"), "message": words}

    def shown(self, zone, r):
        content = {"TXT": "text", "A": "ip", "AAAA": "ip"}.get(r.type, "host")
        return {"id": f"65f{r.id:021x}", "name": zone.relative(r.name), "type": r.type, "ttl": r.ttl, "contents": [{content: r.value}]}

    @route("GET", RECORDS)
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return {"status": "success", "data": [self.shown(zone, r) for r in zone.records]}

    @route("POST", RECORDS)
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not isinstance(body["ttl"], int) or not 120 <= body["ttl"] <= 432000:
            return self.error(400, "body/ttl must be >= 120")
        r = zone.add(zone.absolute(body["name"]), body["type"], body["contents"][0]["text"], body["ttl"])
        return 201, {"status": "success", "data": self.shown(zone, r)}

    @route("DELETE", RECORDS + "/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        for r in zone.records:
            if self.shown(zone, r)["id"] == q.args["id"]:
                zone.remove(r)
                return Answer(204, b"", None)
        return self.error(404, "record not found")
