"""Mythic Beasts DNS API v2.

https://www.mythic-beasts.com/support/api/dnsv2 and https://www.mythic-beasts.com/support/api/auth
Basic authentication by an API key (or a token got with it). POST adds records to a name and type, DELETE removes those that
the query selects; "@" is the apex.
The bodies of errors are {"error": words} or {"errors": [words]}.
"""
from fakelib import basic, Fake, route

SET = "/dns/v2/zones/{zone}/records/{host}/{type}"


class Api(Fake):
    hosts = ("api.mythic-beasts.com",)
    creds = {"username": "xa3k8vq21m0r7pfd", "password": "canary-mythic-pJ90zKw3vT"}
    auth = basic("username", "password")

    def error(self, status, words):
        return status, {"error": words} if status in (401, 404) else {"errors": [words]}

    @route("GET", "/dns/v2/zones/{zone}/records")
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return {"records": [{"host": zone.relative(r.name), "ttl": r.ttl, "type": r.type, "data": r.value}
                            for r in zone.find(type=q.query.get("type"))]}

    @route("POST", SET)
    def create(self, q):
        zone, records = self.zone(q.args["zone"]), q.json["records"]
        for r in records:
            if (r.get("host", q.args["host"]), r.get("type", q.args["type"])) != (q.args["host"],
                q.args["type"]) or not isinstance(r["ttl"], int):
                return self.error(400, "record does not match the selection")
        for r in records:
            zone.add(zone.absolute(q.args["host"]), q.args["type"], r["data"], r["ttl"])
        return {"records_added": len(records), "message": f"{len(records)} records added"}

    @route("DELETE", SET)
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        found = zone.find(zone.absolute(q.args["host"]), q.args["type"], q.query.get("data"))
        for r in found:
            zone.remove(r)
        return {"records_removed": len(found), "message": f"{len(found)} records removed"}
