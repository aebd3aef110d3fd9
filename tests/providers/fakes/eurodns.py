"""EuroDNS REST API, DNS zones.

https://docapi.eurodns.com/
A zone is read and written as a whole: name, domainConnect, records, urlForwards, mailForwards; what the written zone lacks is deleted;
a record without id is a new one; "@" is the apex; TTL from a fixed list. PUT answers 204. Errors are {errors: [{code, title}]}.
"""
from fakelib import Bad, Fake, given, route, told, WORDS

TTLS = (600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000, 604800)
FIELDS = {"id", "type", "host", "ttl", "rdata", "updated", "locked", "isDynDns", "proxy", "priority"}


class Api(Fake):
    hosts = ("rest-api.eurodns.com",)
    creds = {"id": "kiteurodnsapp", "key": "canary-eurodns-1Zq8Tx0mWv"}

    auth = given("headers", {"X-APP-ID": "id", "X-API-KEY": "key"})

    def denied(self, q):
        return 401, {"errors": [{"code": "INVALID_API_KEY", "title": "Invalid API Key"}]}

    error = told({"errors": [{"code": "ERROR", "title": WORDS}]})

    def forwards(self, zone):
        return {"urlForwards": [{"id": 2000, "forwardType": "FRAME", "host": "old", "url": "https://example.test/", "title": None}],
                "mailForwards": [{"id": 3000, "source": "info", "destination": "kit@example.test"}]}

    @route("GET", "/dns-zones/{zone}")
    def get(self, q):
        zone = self.zone(q.args["zone"])
        return {"name": zone.name, "domainConnect": True, **self.forwards(zone), "records": [
            {"id": r.id, "type": r.type, "host": zone.relative(r.name), "ttl": r.ttl, "rdata": r.value, "updated": False, "locked": False,
             "isDynDns": False, "proxy": "OFF"} for r in zone.records]}

    @route("PUT", "/dns-zones/{zone}")
    def put(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if body["name"] != zone.name or {k: body[k] for k in ("urlForwards", "mailForwards")} != self.forwards(zone):
            raise Bad("the forwards would be deleted")
        kept, new = [], []
        for r in body["records"]:
            if set(r) - FIELDS or r["ttl"] not in TTLS:
                raise Bad(f'"{r.get("ttl")}" is not a valid TTL')
            if r.get("id"):
                record = self.record(zone, r["id"])
                if (record.name, record.type, record.value, record.ttl) != (zone.absolute(r["host"]), r["type"], r["rdata"], r["ttl"]):
                    raise Bad("a record was changed")
                kept.append(record)
            else:
                new.append(r)
        for record in [r for r in zone.records if r not in kept]:
            zone.remove(record)
        for r in new:
            zone.add(zone.absolute(r["host"]), r["type"], r["rdata"], r["ttl"])
        self.store.version += 1
