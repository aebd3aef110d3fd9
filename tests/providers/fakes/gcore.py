"""Gcore DNS API v2 (and EdgeCenter, which is the same on another host).

https://api.gcore.com/docs/dns
A set of records has the URL /v2/zones/ZONE/NAME/TYPE with an absolute name; each element's content is a list; ids of elements are
read-only; POST makes a set and refuses one that is there; PUT replaces it; DELETE answers 204. Errors are {error}.
"""
from fakelib import Bad, Fake, header, route, told, WORDS

SET = "/dns/v2/zones/{zone}/{name}/{type}"


class Api(Fake):
    hosts = ("api.gcore.com",)
    creds = {"token": "1234$canarygcore8f6d1b2e903a77c5"}
    auth = header("Authorization", "token", "APIKey ", denied="user unauthorized")
    error = told({"error": WORDS})

    def given(self, q):
        body = q.json
        if not isinstance(body.get("ttl", 300), int) or not body["resource_records"]:
            raise Bad("resource_records: must not be empty", 400)
        values = []
        for r in body["resource_records"]:
            if set(r) - {"content", "meta", "enabled"} or not isinstance(r["content"], list) or not isinstance(r.get("enabled", True), bool):
                raise Bad("resource_records: invalid resource record", 400)
            values.append(r["content"][0])
        if len(set(values)) != len(values):
            raise Bad("resource_records: duplicate", 400)
        return values, body.get("ttl", 300)

    @route("GET", "/dns/v2/zones/{zone}")
    def zone_get(self, q):
        zone = self.zone(q.args["zone"])
        return {"id": zone.id, "name": zone.name, "status": "active", "dnssec_enabled": False, "records": [
            {"name": r.name, "type": r.type, "ttl": r.ttl, "short_answers": [r.value]} for r in zone.records]}

    @route("GET", SET, absent=True)
    def get(self, q):
        zone = self.zone(q.args["zone"])
        found = zone.find(q.args["name"], q.args["type"])
        if not found:
            raise Bad("record is not found", 404)
        return {"name": found[0].name, "type": found[0].type, "ttl": max(r.ttl for r in found), "filter_set_id": None, "filters": [],
                "resource_records": [{"id": r.id, "content": [r.value], "enabled": True, "meta": {}} for r in found], "meta": {}}

    @route("POST", SET)
    def post(self, q):
        zone = self.zone(q.args["zone"])
        if zone.find(q.args["name"], q.args["type"]):
            return self.error(409, "rrset already exists")
        values, ttl = self.given(q)
        zone.replace(q.args["name"], q.args["type"], values, ttl)
        return {}

    @route("PUT", SET)
    def put(self, q):
        zone = self.zone(q.args["zone"])
        if not zone.find(q.args["name"], q.args["type"]):
            raise Bad("record is not found", 404)
        values, ttl = self.given(q)
        zone.replace(q.args["name"], q.args["type"], values, ttl)
        return {}

    @route("DELETE", SET)
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        if not zone.find(q.args["name"], q.args["type"]):
            raise Bad("record is not found", 404)
        zone.replace(q.args["name"], q.args["type"], [])


class EdgeCenter(Api):
    hosts = ("api.edgecenter.ru",)
    creds = {"token": "5678$canaryedge0c41d9f7b2e86a13"}
