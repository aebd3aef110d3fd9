"""GleSYS API, module domain.

https://github.com/GleSYS/API/wiki/API-Documentation
All functions take POST with JSON and answer {response: {status: {code, text}, ...}}; the code is the HTTP status. Hosts are relative, "@" at
the apex; ids are numbers.
"""
from fakelib import basic, Fake, route


class Api(Fake):
    hosts = ("api.glesys.com",)
    creds = {"user": "CL47110", "key": "canaryGlesys9Xk2mQv7"}
    auth = basic("user", "key")

    def error(self, status, words):
        return status, {"response": {"status": {"code": status, "timestamp": "2026-11-21T22:00:00+01:00", "text": words, "transactionid": None}}}

    def ok(self, **more):
        return {"response": {"status": {"code": 200, "timestamp": "2026-11-21T22:00:00+01:00", "text": "OK", "transactionid": None}, **more}}

    def shown(self, zone, r):
        return {"recordid": r.id, "domainname": zone.name, "host": zone.relative(r.name), "type": r.type, "data": r.value, "ttl": r.ttl}

    @route("POST", "/domain/listrecords")
    def records(self, q):
        zone = self.zone(q.json["domainname"])
        return self.ok(records=[self.shown(zone, r) for r in zone.records])

    @route("POST", "/domain/addrecord")
    def create(self, q):
        b = q.json
        zone = self.zone(b["domainname"])
        if not isinstance(b["ttl"], int) or b["ttl"] < 60:
            return self.error(400, "TTL must be at least 60")
        return self.ok(record=self.shown(zone, zone.add(zone.absolute(b["host"]), b["type"], b["data"], b["ttl"])))

    @route("POST", "/domain/deleterecord")
    def delete(self, q):
        zone, r = self.record_anywhere(q.json["recordid"])
        zone.remove(r)
        return self.ok()
