"""Curanet DNS API v2 (and DanDomain, ScanNet, Wannafind, which are the same on other hosts).

https://api.curanet.dk/dns/swagger/index.html
Lists are bare arrays; the filter `name` is one of "contains" here, to be safe; names are relative and "@" is the apex (the documents
name neither: assumed); POST answers 200 without the id. Errors are problem details (RFC 7807).
"""
from fakelib import Answer, bearer, Fake, route

RECORDS = "/dns/v2/Domains/{zone}/Records"


class Api(Fake):
    hosts = ("api.curanet.dk",)
    creds = {"key": "canary-curanet-eyJhbGciOiJSUzI1NiJ9"}
    auth = bearer("key", denied="Unauthorized")

    def error(self, status, words):
        return status, {"type": f"https://httpstatuses.com/{status}", "title": "Error", "status": status, "detail": words, "instance": None}

    def shown(self, zone, r):
        return {"id": r.id, "name": zone.relative(r.name), "type": r.type, "ttl": r.ttl, "priority": 0, "data": r.value}

    @route("GET", RECORDS)
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return [self.shown(zone, r) for r in zone.find(type=q.query.get("type")) if q.query.get("name", "").strip("@") in r.name]

    @route("POST", RECORDS)
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not isinstance(body["ttl"], int) or body["ttl"] < 60:
            return self.error(400, "TTL is too low")
        zone.add(zone.absolute(body["name"]), body["type"], body["data"], body["ttl"])
        return Answer(200, b"", None)

    @route("DELETE", RECORDS + "/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return Answer(200, b"", None)


class DanDomain(Api):
    hosts = ("api.dandomain.dk",)
    creds = {"key": "canary-dandomain-eyJhbGciOiJSUzI1NiJ8"}


class ScanNet(Api):
    hosts = ("api.scannet.dk",)
    creds = {"key": "canary-scannet-eyJhbGciOiJSUzI1NiJ7"}


class Wannafind(Api):
    hosts = ("api.wannafind.dk",)
    creds = {"key": "canary-wannafind-eyJhbGciOiJSUzI1NiJ6"}
