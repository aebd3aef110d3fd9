"""Technitium DNS Server, HTTP API.

https://github.com/TechnitiumSoftware/DnsServer/blob/master/APIDOCS.md
Parameters in the query or a form; the answer has status ok, error or invalid-token with HTTP status 200; a record of the zone is
named by its absolute name without final dot, type and data; records/get without listZone answers the records of the one name.
Adding a record that is there is an error (its words, and those of an unknown zone, are the server's); that deleting an absent one is
an error, too, is assumed.
"""
from fakelib import Bad, Fake, given, route


class Api(Fake):
    creds = {"token": "932b2a3495852c15af01598f62563ae534460388b6a370bfbbb8bb6094b698e9"}

    auth = given("params", {"token": "token"})

    def denied(self, q):
        return {"status": "invalid-token", "errorMessage": "Invalid token or session expired."}

    def error(self, status, words):
        return 200 if status in (400, 404, 422) else status, {"status": "error", "errorMessage": words, "stackTrace": "",
                                                              "innerErrorMessage": ""}

    def zone(self, name):
        if name not in self.store.zones:
            raise Bad("No such zone was found: " + name)
        return self.store.zones[name]

    def shown(self, r):
        data = {"text": r.value} if r.type == "TXT" else {"ipAddress": r.value}
        return {"disabled": False, "name": r.name, "type": r.type, "ttl": r.ttl, "rData": data, "dnssecStatus": "Unknown",
                "lastUsedOn": "0001-01-01T00:00:00"}

    @route("POST", "/api/zones/records/get")
    def get(self, q):
        zone, name = self.zone(q.params["zone"]), q.params["domain"].lower()
        records = zone.records if q.params.get("listZone") == "true" else zone.find(name)
        return {"response": {"zone": {"name": zone.name, "type": "Primary", "internal": False, "disabled": False},
                             "records": [self.shown(r) for r in records]}, "status": "ok"}

    @route("POST", "/api/zones/records/add")
    def add(self, q):
        p = q.params
        zone = self.zone(p["zone"])
        if p.get("overwrite") == "true":
            zone.replace(p["domain"], p["type"], [])
        elif zone.find(p["domain"], p["type"], p["text"]):
            raise Bad("Cannot add record: record already exists.")
        r = zone.add(p["domain"], p["type"], p["text"], int(p.get("ttl", 3600)))
        return {"response": {"zone": {"name": zone.name}, "addedRecord": self.shown(r)}, "status": "ok"}

    @route("POST", "/api/zones/records/delete")
    def delete(self, q):
        p = q.params
        zone = self.zone(p["zone"])
        found = zone.find(p["domain"], p["type"], p["text"])
        if not found:
            raise Bad("Cannot delete record: no such record exists.")
        zone.remove(found[0])
        return {"status": "ok"}
