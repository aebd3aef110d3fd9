"""Gehirn DNS API v1.

https://support.gehirn.jp/apidocs/gis/dns/index.html
A zone has versions; records of a version are sets: an object for each name and type with a list of values. Names have a final dot
(relative ones are taken, too). Errors are {code, description}.
"""
from fakelib import basic, Fake, route, STATUS, told, WORDS

LIST = "/dns/v1/zones/{zone}/versions/{version}/records"


class Api(Fake):
    hosts = ("api.gis.gehirn.jp",)
    creds = {"token": "b1e3d5a0-kit", "secret": "canary-gehirn-2JkQw0"}
    auth = basic("token", "secret", denied="Unauthorized")
    error = told({"code": STATUS, "description": WORDS})

    def zone_of(self, q):
        zone = self.zone_by_id(q.args["zone"][5:])
        return zone if q.args["version"] == f"version-{zone.id}" else self.zone("")

    def shown(self, zone, name, type):
        found = zone.find(name, type)
        return {"id": f"{zone.id}-{type}-{name}", "name": name + ".", "type": type, "enable_alias": False, "editable": True,
            "ttl": found[0].ttl,
                "records": [{"data": r.value} for r in found]}

    @route("GET", "/dns/v1/zones")
    def zones_list(self, q):
        return [{"id": f"zone-{z.id}", "name": z.name, "current_version_id": f"version-{z.id}"} for z in self.store.zones.values()]

    @route("GET", LIST)
    def records(self, q):
        zone = self.zone_of(q)
        return [self.shown(zone, n, t) for n, t in dict.fromkeys((r.name, r.type) for r in zone.records)]

    def put(self, zone, b):
        name = zone.absolute_or_dot(b["name"])
        if not isinstance(b["ttl"], int) or not b["records"] or any(set(r) != {"data"} for r in b["records"]):
            return self.error(400, "invalid record")
        zone.replace(name, b["type"], [r["data"] for r in b["records"]], b["ttl"])
        return self.shown(zone, name, b["type"])

    @route("POST", LIST)
    def create(self, q):
        zone, b = self.zone_of(q), q.json
        if zone.find(zone.absolute_or_dot(b["name"]), b["type"]):
            return self.error(409, "record already exists")
        return self.put(zone, b)

    def one(self, q):
        zone, (id, type, name) = self.zone_of(q), q.args["record"].split("-", 2)
        return (zone, name, type) if zone.find(name, type) and str(zone.id) == id else self.zone("")

    @route("PUT", LIST + "/{record}")
    def replace(self, q):
        return self.put(self.one(q)[0], q.json)

    @route("DELETE", LIST + "/{record}")
    def delete(self, q):
        zone, name, type = self.one(q)
        shown = self.shown(zone, name, type)
        zone.replace(name, type, [])
        return shown
