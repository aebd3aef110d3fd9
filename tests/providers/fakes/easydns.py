"""easyDNS REST API.

https://docs.sandbox.rest.easydns.net
Numbers in records are text, ids too; hosts are relative, "@" at the apex. Lists are of 1000 at most, from start on. Errors come as
{error: {code, message}}, with status 200 when there were too many requests (code 420), or as {msg, status}.
"""
from fakelib import Answer, answer_of, Fake, route, STATUS, told, WORDS


class Api(Fake):
    hosts = ("rest.easydns.net",)
    creds = {"token": "kittoken", "key": "canary-easydns-b2ZkQ81v"}
    page_most = 1000

    def auth(self, q):
        return q.query.get("format") == "json" and q.basic == (self.creds["token"], self.creds["key"])

    error = told({"error": {"code": STATUS, "message": WORDS}})

    def limited(self, words, after):
        answer = answer_of((200, {"error": {"code": 420, "message": "Enhance Your Calm. Rate limit exceeded (too many requests): " + words}}))
        answer.headers["Retry-After"] = str(after)
        return answer

    def shown(self, zone, r):
        return {"id": str(r.id), "domain": zone.name, "host": zone.relative(r.name), "ttl": str(r.ttl), "prio": "0", "geozone_id": "0",
                "type": r.type, "rdata": r.value, "last_mod": "2026-11-21 09:50:00"}

    @route("GET", "/zones/records/all/{zone}")
    def records(self, q):
        zone = self.zone(q.args["zone"])
        start, most = int(q.query.get("start", 0)), self.page_size(q.query.get("max"))
        part = zone.records[start:start + most]
        return {"msg": "OK", "status": 200, "tm": 1, "data": [self.shown(zone, r) for r in part], "count": len(part),
                "total": len(zone.records), "start": start, "max": most}

    @route("PUT", "/zones/records/add/{zone}/{type}")
    def create(self, q):
        zone, b = self.zone(q.args["zone"]), q.json
        if b["domain"] != zone.name or b["type"] != q.args["type"] or not isinstance(b["ttl"], str):
            return self.error(400, "Bad Request")
        r = zone.add(zone.absolute(b["host"]), b["type"], b["rdata"], int(b["ttl"]))
        return 201, {"msg": "message", "tm": 1, "data": self.shown(zone, r), "status": 201}

    @route("DELETE", "/zones/records/{zone}/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return Answer(200, '{"msg": "OK", "status": 200, "tm": 1}')
