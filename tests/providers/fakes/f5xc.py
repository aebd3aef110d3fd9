"""F5 Distributed Cloud, record sets of DNS zones.

https://docs.cloud.f5.com/docs-v2/api/dns-zone-rrset
Sets live in groups of a zone: POST to the group creates, GET, PUT and DELETE of group/name/type read, replace and remove. Errors are {code,
message, details} with gRPC codes: 5 not found, 6 already there, 16 not authenticated.
"""
from fakelib import Bad, Fake, header, route

ZONES = "/api/config/dns/namespaces/system/dns_zones"
GROUP = ZONES + "/{zone}/rrsets/{group}"
CODES = {401: 16, 403: 7, 404: 5, 409: 6, 429: 8}


class Api(Fake):
    hosts = ("kit.console.ves.volterra.io",)
    creds = {"token": "canaryf5xcP7q0d2Hk="}
    info = {"tenant": "kit", "group": "kitgroup"}
    auth = header("Authorization", "token", "APIToken ", denied="Unauthorized")

    def error(self, status, words):
        return status, {"code": CODES.get(status, 3), "details": [], "message": words}

    def of(self, q):
        zone = self.zone(q.args["zone"])
        if q.args.get("group", "kitgroup") != "kitgroup":
            raise Bad("no such group", 404)
        return zone, zone.absolute(q.args.get("name", "@"))

    def shown(self, zone, name):
        found = zone.find(name, "TXT")
        return {"dns_zone_name": zone.name, "group_name": "kitgroup", "namespace": "system", "record_name": zone.relative(name), "type": "TXT",
                "rrset": {"ttl": found[0].ttl, "txt_record": {"name": zone.relative(name), "values": [r.value for r in found]}}}

    def write(self, zone, name, body):
        values = body["rrset"]["txt_record"]["values"]
        if not values or not isinstance(body["rrset"]["ttl"], int) or body["dns_zone_name"] != zone.name or body["group_name"] != "kitgroup":
            raise Bad("rrset: invalid")
        zone.replace(name, "TXT", values, body["rrset"]["ttl"])
        return self.shown(zone, name)

    @route("GET", ZONES + "/{zone}")
    def zone_get(self, q):
        return {"metadata": {"name": self.of(q)[0].name, "namespace": "system"}, "spec": {"primary": {}}}

    @route("POST", GROUP)
    def create(self, q):
        zone = self.of(q)[0]
        name = zone.absolute(q.json["rrset"]["txt_record"]["name"])
        if zone.find(name, "TXT"):
            return self.error(409, "record set already exists")
        return self.write(zone, name, q.json)

    @route("GET", GROUP + "/{name}/TXT", absent=True)
    def get(self, q):
        zone, name = self.of(q)
        return self.shown(zone, name) if zone.find(name, "TXT") else self.error(404, "record set not found")

    @route("PUT", GROUP + "/{name}/TXT")
    def put(self, q):
        zone, name = self.of(q)
        if not zone.find(name, "TXT"):
            return self.error(404, "record set not found")
        return self.write(zone, name, q.json)

    @route("DELETE", GROUP + "/{name}/TXT")
    def delete(self, q):
        zone, name = self.of(q)
        if not zone.find(name, "TXT"):
            return self.error(404, "record set not found")
        shown = self.shown(zone, name)
        zone.replace(name, "TXT", [])
        return shown
