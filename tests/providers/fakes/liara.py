"""Liara DNS API v1.

https://openapi.liara.ir/?urls.primaryName=DNS
Records of a zone have `contents`, for TXT a list of {text}; names are relative, "@" at the apex; TTL 120 to 432000. A created record is in
`data`, with 201; a deletion answers 204. Errors are {statusCode, error, message}.
"""
from fakelib import Answer, Fake, bearer, route

RECORDS = "/api/v1/zones/{zone}/dns-records"


class Api(Fake):
    hosts = ("dns-service.iran.liara.ir",)
    creds = {"key": "eyJcanaryliara.eyJraXQiOjF9.x7Tq"}
    auth = bearer("key", denied="Invalid token missing header")

    def error(self, status, words):
        return status, {"statusCode": status, "error": {401: "Unauthorized", 404: "Not Found"}.get(status, "Bad Request"), "message": words}

    def record_id(self, r):
        return f"65f{r.id:021x}"

    def shown(self, zone, r):
        content = {"TXT": "text", "A": "ip", "AAAA": "ip"}.get(r.type, "host")
        return {"id": self.record_id(r), "name": zone.relative(r.name), "type": r.type, "ttl": r.ttl, "contents": [{content: r.value}]}

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
        zone.remove(self.record(zone, q.args["id"]))
        return Answer(204, b"", None)
