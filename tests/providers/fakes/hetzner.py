"""Hetzner Cloud API, DNS: zones, RRsets and their actions.

https://docs.hetzner.cloud/reference/cloud#tag/zone-rrset-actions
Zones are addressed by id or name, RRsets by relative name ("@" at the apex) and type; TXT values are in quotes.
add_records makes the set when it is missing and leaves values that are there; remove_records of the last value removes the set,
of a value that is not there is an error. A TTL other than the set's is refused. Actions end at once or a request later.
"""
from fakelib import Bad, Fake, quote, route, unquote

SET = "/v1/zones/{zone}/rrsets/{name}/{type}"


class Api(Fake):
    hosts = ("api.hetzner.cloud",)
    creds = {"token": "canary-hetzner-LRK9DAWQ1ZAEFSrCNEEzLCUwhYX1U3g7"}
    page_most = 50

    def setup(self):
        self.actions = {}

    def error(self, status, words):
        code = {401: "unauthorized", 403: "forbidden", 404: "not_found", 409: "conflict", 429: "rate_limit_exceeded"}
        return status, {"error": {"code": code.get(status, "invalid_input"), "message": words, "details": None}}

    def quota(self, words):
        answer = self.error(403, words)
        answer[1]["error"]["code"] = "resource_limit_exceeded"
        return answer

    def zone(self, key):
        return self.zone_by_id(key) if key.isdigit() else super().zone(key)

    def listed(self, q, key, items):
        number, size = int(q.query.get("page", 1)), self.page_size(q.query.get("per_page", 25))
        part, pages = self.page(items, number, size)
        return {key: part, "meta": {"pagination": {"page": number, "per_page": size, "previous_page": number - 1 or None,
                "next_page": number + 1 if number < pages else None, "last_page": pages, "total_entries": len(items)}}}

    def shown_set(self, zone, name, type):
        found = zone.find(name, type)
        values = [quote(r.value) if type == "TXT" else r.value for r in found]
        return {"id": f"{zone.relative(name)}/{type}", "name": zone.relative(name), "type": type, "ttl": found[0].ttl, "zone": zone.id,
                "labels": {}, "protection": {"change": False}, "records": [{"value": v, "comment": ""} for v in values]}

    @route("GET", "/v1/zones")
    def zones_list(self, q):
        return self.listed(q, "zones", [{"id": z.id, "name": z.name, "ttl": 3600, "mode": "primary"}
                                        for z in self.store.zones.values() if q.query.get("name") in (None, z.name)])

    @route("GET", "/v1/zones/{zone}")
    def zone_get(self, q):
        zone = self.zone(q.args["zone"])
        return {"zone": {"id": zone.id, "name": zone.name, "ttl": 3600, "mode": "primary"}}

    @route("GET", "/v1/zones/{zone}/rrsets")
    def sets_list(self, q):
        zone = self.zone(q.args["zone"])
        keys = dict.fromkeys((r.name, r.type) for r in zone.records)
        return self.listed(q, "rrsets", [self.shown_set(zone, n, t) for n, t in keys if q.query.get("type") in (None, t)
                                         and q.query.get("name") in (None, zone.relative(n))])

    @route("GET", SET, absent=True)
    def set_get(self, q):
        zone = self.zone(q.args["zone"])
        name = zone.absolute(q.args["name"])
        if not zone.find(name, q.args["type"]):
            raise Bad("rrset not found", 404)
        return {"rrset": self.shown_set(zone, name, q.args["type"])}

    @route("POST", SET + "/actions/add_records")
    def add_records(self, q):
        zone, body, type = self.zone(q.args["zone"]), q.json, q.args["type"]
        name, ttl = zone.absolute(q.args["name"]), body.get("ttl") or 3600
        values = [unquote(r["value"]) for r in body["records"]]
        there = zone.find(name, type)
        if body.get("ttl") and there and there[0].ttl != ttl:
            return self.error(422, "ttl differs from the ttl of the rrset")
        if not 60 <= ttl <= 2147483647:
            return self.error(422, "invalid ttl")
        for value in values:
            if not zone.find(name, type, value):
                zone.add(name, type, value, there[0].ttl if there else ttl)
        return 201, self.action("add_rrset_records", zone)

    @route("POST", SET + "/actions/remove_records")
    def remove_records(self, q):
        zone, type = self.zone(q.args["zone"]), q.args["type"]
        name = zone.absolute(q.args["name"])
        if not zone.find(name, type):
            raise Bad("rrset not found", 404)
        for value in [unquote(r["value"]) for r in q.json["records"]]:
            found = zone.find(name, type, value)
            if not found:
                return self.error(422, "record to remove not found in rrset")
            zone.remove(found[0])
        return 201, self.action("remove_rrset_records", zone)

    def action(self, command, zone):
        id = self.store.new_id()
        self.actions[id] = {"id": id, "command": command, "status": "running", "progress": 0, "error": None,
                            "resources": [{"id": zone.id, "type": "zone"}]}
        return {"action": dict(self.actions[id])}

    @route("GET", "/v1/actions/{id}")
    def action_get(self, q):
        action = self.actions.get(int(q.args["id"]))
        if not action:
            raise Bad("action not found", 404)
        action.update(status="success", progress=100)
        return {"action": action}
