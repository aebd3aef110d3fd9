"""Azion API v3, Intelligent (Edge) DNS.

https://api.azion.com/#intelligent-dns
The Accept header names version 3; lists have count, total_pages, links and results (null when there are none), paged by page and
page_size (10, at most 100 here); a record is a set with record_id, entry ("@" at the apex) and answers_list. POST of a set that is there
is refused; DELETE answers 204. Errors are {detail} or {errors}.
"""
from fakelib import Bad, Fake, loose, route, told, WORDS

RECORDS = "/intelligent_dns/{id}/records"


class Api(Fake):
    hosts = ("api.azionapi.net",)
    creds = {"token": "canary-azion-4a51bd0f1c0e"}

    def setup(self):
        self.ids = {}

    def auth(self, q):
        return q.headers.get("Authorization") == f"Token {self.creds['token']}"

    def denied(self, q):
        return self.error(401, "Invalid token")

    error = told({"detail": WORDS})

    def run(self, q):
        if "version=3" not in (q.headers.get("Accept") or ""):
            q.raw_path = "/version-missing"
        return super().run(q)

    def set_id(self, zone, name, type):
        return self.ids.setdefault((zone.id, name, type), 900000 + len(self.ids))

    def shown(self, zone, name, type):
        return {"record_id": self.set_id(zone, name, type), "entry": zone.relative(name), "record_type": type, "policy": "simple",
                "answers_list": zone.values(name, type), "ttl": zone.find(name, type)[0].ttl, "description": ""}

    def listed(self, q, items, wrap):
        part, pages = self.page(items, q.query.get("page"), q.query.get("page_size", 10))
        return {"count": len(items), "total_pages": pages, "schema_version": 3, "links": {"previous": None, "next": None}, "results": wrap(part)}

    @route("GET", "/intelligent_dns")
    def zones_list(self, q):
        zones = [{"id": z.id, "name": z.name, "domain": z.name, "is_active": True} for z in self.store.zones.values()]
        return self.listed(q, zones, lambda part: part or None)

    @route("GET", RECORDS)
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        keys = list(dict.fromkeys((r.name, r.type) for r in zone.records))
        return self.listed(q, keys, lambda part: {"zone_id": zone.id, "domain": zone.name, "records": [self.shown(zone, *k) for k in part]})

    def write(self, zone, name, body):
        if set(body) - {"entry", "record_type", "ttl", "answers_list", "policy", "weight", "description"} or not body["answers_list"]:
            raise Bad("malformed record")
        if not isinstance(body["ttl"], int):
            raise Bad("ttl: a valid integer is required")
        zone.replace(name, body["record_type"], [loose(v) for v in body["answers_list"]], body["ttl"])
        return {"results": {"id": self.set_id(zone, name, body["record_type"]), **body}, "schema_version": 3}

    @route("POST", RECORDS)
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        name = zone.absolute(body["entry"])
        if zone.find(name, body["record_type"]):
            raise Bad("record already exists", 409)
        return 201, self.write(zone, name, body)

    def of(self, zone, id):
        for (zone_id, name, type), n in self.ids.items():
            if zone_id == zone.id and str(n) == id and zone.find(name, type):
                return name, type
        raise Bad("Not found.", 404)

    @route("PUT", RECORDS + "/{rid}")
    def put(self, q):
        zone = self.zone_by_id(q.args["id"])
        name, type = self.of(zone, q.args["rid"])
        if (zone.absolute(q.json["entry"]), q.json["record_type"]) != (name, type):
            raise Bad("entry does not fit")
        return self.write(zone, name, q.json)

    @route("DELETE", RECORDS + "/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        name, type = self.of(zone, q.args["rid"])
        zone.replace(name, type, [])
