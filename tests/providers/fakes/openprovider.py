"""Openprovider API v1beta, DNS zones.

https://docs.openprovider.com/doc/all
A token is got by login. Answers are {code, desc, data}, code 0 for success, 196 for wrong credentials; the codes of other errors are not
known here. A zone is changed by add and remove; what is removed must be as it is listed,
name apart, which is given relative ("" at the apex) and listed absolute. TXT values are listed in quotes. Lists: limit 500, offset.
"""
import fnmatch

from fakelib import Bad, Fake, loose, public, quote, route, session

CODES = {401: 196}


class Api(Fake):
    hosts = ("api.openprovider.eu",)
    creds = {"username": "kit-reseller", "password": "canary-openprovider-8Lq2"}
    page_most = 500

    auth = session(denied="Authentication/Authorization Failed")

    def error(self, status, words):
        return status, {"code": CODES.get(status, 399), "desc": words, "data": {}}

    def ok(self, data):
        return {"code": 0, "desc": "", "data": data}

    @public
    @route("POST", "/v1beta/auth/login")
    def login(self, q):
        if (q.json["username"], q.json["password"]) != (self.creds["username"], self.creds["password"]):
            return self.denied(q)
        token = "20d65561%08x" % self.store.new_id()
        self.tokens.add(token)
        return self.ok({"token": token, "reseller_id": 123456})

    @route("GET", "/v1beta/dns/zones")
    def zones_list(self, q):
        start, most = int(q.query.get("offset", 0)), self.page_size(q.query.get("limit", 100))
        found = [z for z in self.store.zones.values() if fnmatch.fnmatch(z.name, q.query.get("name_pattern", "*"))]
        return self.ok({"total": len(found), "results": [
            {"id": z.id, "name": z.name, "active": True, "type": "master", "records": []} for z in found[start:start + most]]})

    @route("GET", "/v1beta/dns/zones/{zone}/records")
    def records(self, q):
        zone, start, most = self.zone(q.args["zone"]), int(q.query.get("offset", 0)), self.page_size(q.query.get("limit", 100))
        found = zone.find(type=q.query.get("type"))
        return self.ok({"total": len(found), "results": [
            {"name": r.name, "type": r.type, "value": quote(r.value) if r.type == "TXT" else r.value, "ttl": r.ttl, "prio": 0,
             "creation_date": "2026-11-21 10:00:00", "modification_date": ""} for r in found[start:start + most]]})

    @route("PUT", "/v1beta/dns/zones/{zone}")
    def update(self, q):
        zone, b = self.zone(q.args["zone"]), q.json
        if b["id"] != zone.id or b["name"] != zone.name:
            raise Bad("Wrong zone")
        for r in b["records"].get("add", []):
            if not isinstance(r["ttl"], int) or r["ttl"] < 600:
                raise Bad("TTL is not valid")
            if zone.find(zone.absolute(r["name"]), r["type"], loose(r["value"])):
                raise Bad("Duplicate record")
            zone.add(zone.absolute(r["name"]), r["type"], loose(r["value"]), r["ttl"])
        for r in b["records"].get("remove", []):
            for found in zone.find(zone.absolute(r["name"]), r["type"], loose(r["value"])):
                if found.ttl == r["ttl"]:
                    zone.remove(found)
        return self.ok({"success": True})
