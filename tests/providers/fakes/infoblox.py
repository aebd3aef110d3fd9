"""Infoblox NIOS WAPI.

https://docs.infoblox.com/space/nios90/1331757072/WAPI
Objects are named by references, which hold colons and slashes; lists are JSON arrays, creation answers the reference as a JSON text; a TXT
record that is there already is refused. Errors are {Error, code, text}; wrong credentials get an HTML page with 401.
"""
from fakelib import Answer, Bad, basic, Fake, route


class Api(Fake):
    creds = {"username": "kit-acme", "password": "canary-infoblox-2Zr7mQx9"}
    auth = basic("username", "password")

    def denied(self, q):
        return Answer(401, "<html><body>Authorization Required</body></html>", "text/html")

    def error(self, status, words):
        code = {404: "Client.Ibap.Data.NotFound", 409: "Client.Ibap.Data.Conflict"}.get(status, "Client.Ibap.Proto")
        return status, {"Error": f"AdmConDataError: {words}", "code": code, "text": words}

    def ref(self, kind, id, name):
        return f"{kind}/ZG5zLmJpbmRf{id}:{name}/default"

    @route("GET", "/wapi/v2.11/zone_auth")
    def zones_list(self, q):
        return [{"_ref": self.ref("zone_auth", z.id, z.name), "fqdn": z.name, "view": "default"} for z in self.store.zones.values()
                if q.query.get("fqdn") in (None, z.name)]

    @route("GET", "/wapi/v2.11/record:txt")
    def records(self, q):
        return [{"_ref": self.ref("record:txt", r.id, r.name), "name": r.name, "text": r.value, "view": "default"}
                for z in self.store.zones.values() for r in z.find(q.query.get("name"), "TXT", q.query.get("text"))]

    @route("POST", "/wapi/v2.11/record:txt")
    def create(self, q):
        b = q.json
        zones = [z for z in self.store.zones.values() if ("." + b["name"]).endswith("." + z.name)]
        if not zones:
            raise Bad("The action is not allowed. A parent was not found.")
        zone = max(zones, key=lambda z: len(z.name))
        if zone.find(b["name"], "TXT", b["text"]):
            raise Bad(f"The record '{b['name']}' already exists.")
        if not isinstance(b["ttl"], int) or b["use_ttl"] is not True:
            raise Bad("Invalid value for field: ttl")
        return Answer(201, '"%s"' % self.ref("record:txt", zone.add(b["name"], "TXT", b["text"], b["ttl"]).id, b["name"]))

    @route("DELETE", "/wapi/v2.11/{ref*}")
    def delete(self, q):
        kind, _, rest = q.args["ref"].partition("/ZG5zLmJpbmRf")
        zone, r = self.record_anywhere(rest.partition(":")[0])
        if kind != "record:txt" or r.type != "TXT":
            raise Bad("Reference not found", 404)
        zone.remove(r)
        return Answer(200, '"%s"' % q.args["ref"])
