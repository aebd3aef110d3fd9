"""Constellix DNS API v1.

https://api-docs.constellix.com
x-cns-security-token is key:base64(HMAC-SHA1(secret, ms)):ms. A TXT record is a set: `roundRobin` holds its values, quoted; "" is the apex.
Lists have offset and max. A search without result answers 404; errors are {errors: [..]}.
"""
import base64
import hashlib
import hmac
import time

from fakelib import Bad, Fake, quote, route, told, unquote, WORDS

TXT = "/v1/domains/{id}/records/txt"


class Api(Fake):
    hosts = ("api.dns.constellix.com",)
    creds = {"key": "ab12cd34-kit", "secret": "canary-constellix-0Tz7mW"}

    def auth(self, q):
        key, mac, now = (q.headers.get("x-cns-security-token") or "::0").split(":")
        right = base64.b64encode(hmac.new(self.creds["secret"].encode(), now.encode(), hashlib.sha1).digest()).decode()
        return key == self.creds["key"] and mac == right and abs(int(now) / 1000 - time.time()) < 300

    def denied(self, q):
        return self.error(401, "Unauthorized")

    error = told({"errors": [WORDS]})

    def setup(self):
        self.ids = {}

    def set_id(self, zone, name):
        return self.ids.setdefault((zone.name, name), 3557066 + len(self.ids))

    def shown(self, zone, name):
        found = zone.find(name, "TXT")
        values = [{"value": quote(r.value)} for r in found]
        return {"id": self.set_id(zone, name), "type": "TXT", "recordType": "txt", "name": zone.relative(name, ""), "recordOption": "roundRobin",
                "ttl": found[0].ttl, "gtdRegion": 1, "parentId": zone.id, "parent": "domain", "value": values, "roundRobin": values}

    def names(self, zone):
        return list(dict.fromkeys(r.name for r in zone.records if r.type == "TXT"))

    def by_id(self, zone, id):
        for name in self.names(zone):
            if str(self.set_id(zone, name)) == id:
                return name
        raise Bad("Requested record was not found", 404)

    def write(self, zone, name, body):
        if not isinstance(body["ttl"], int) or not body["roundRobin"]:
            raise Bad("Validation failed")
        zone.replace(name, "TXT", [unquote(v["value"]) for v in body["roundRobin"]], body["ttl"])

    @route("GET", "/v1/domains/search")
    def search(self, q):
        found = self.store.zones.get(q.query["exact"])
        if not found:
            return self.error(404, "Requested record was not found")
        return [{"id": found.id, "name": found.name, "soa": {}, "status": "ACTIVE", "version": 9}]

    @route("GET", TXT)
    def records(self, q):
        zone, start = self.zone_by_id(q.args["id"]), int(q.query.get("offset", 0))
        names = self.names(zone)[start:start + self.page_size(q.query.get("max"))]
        return [self.shown(zone, n) for n in names]

    @route("POST", TXT)
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        name = zone.absolute(body["name"])
        if zone.find(name, "TXT"):
            return self.error(400, "Record with this name already exists")
        self.write(zone, name, body)
        return 201, [self.shown(zone, name)]

    @route("PUT", TXT + "/{rid}")
    def update(self, q):
        zone = self.zone_by_id(q.args["id"])
        self.write(zone, self.by_id(zone, q.args["rid"]), q.json)
        return {"success": "Record  updated successfully"}

    @route("DELETE", TXT + "/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.replace(self.by_id(zone, q.args["rid"]), "TXT", [])
        return {"success": "Record  deleted successfully"}
