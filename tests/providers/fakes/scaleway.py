"""Scaleway Domains and DNS API v2beta1.

https://www.scaleway.com/en/developers/api/domains-and-dns/
Records are changed by PATCH with a list of changes; names are relative to the zone, "" at the apex; ids are UUIDs; TXT data is in quotes; a
zone that is not there is made unless disallow_new_zone_creation; lists are paged by page and page_size; errors are {message, type}.
"""
from fakelib import Bad, Fake, header, quote, route, unquote

RECORDS = "/domain/v2beta1/dns-zones/{zone}/records"


class Api(Fake):
    hosts = ("api.scaleway.com",)
    creds = {"token": "canary81-c2f0-4b1d-9e77-scaleway0001"}
    auth = header("X-Auth-Token", "token")

    def denied(self, q):
        return 401, {"type": "denied_authentication", "message": "authentication is denied", "method": "api_key", "reason": "not_found"}

    def error(self, status, words):
        return status, {"type": {404: "not_found", 403: "permissions_denied"}.get(status, "invalid_arguments"), "message": words}

    def uuid(self, r):
        return "7a5e3c1d-0000-4000-8000-%012x" % r.id

    def shown(self, zone, r):
        return {"id": self.uuid(r), "name": zone.relative(r.name, ""), "type": r.type, "ttl": r.ttl, "priority": 0, "comment": None,
                "data": quote(r.value) if r.type == "TXT" else r.value, "geo_ip_config": None, "service_up_config": None}

    @route("GET", RECORDS)
    def records(self, q):
        zone, p = self.zone(q.args["zone"]), q.query
        name = zone.absolute(p["name"]) if p.get("name") else None  # an empty filter is none
        found = zone.find(name, p.get("type"))
        items, _ = self.page(found, p.get("page", 1), p.get("page_size", 20))
        return {"total_count": len(found), "records": [self.shown(zone, r) for r in items]}

    def do_add(self, zone, change):
        for r in change["records"]:
            if not isinstance(r["ttl"], int) or r["ttl"] < 60:
                raise Bad("invalid argument: ttl must be at least 60")
            zone.add(zone.absolute_or_dot(r["name"]), r["type"], unquote(r["data"]) if r["type"] == "TXT" else r["data"], r["ttl"])

    def do_delete(self, zone, change):
        if "id" in change:
            found = [r for r in zone.records if self.uuid(r) == change["id"]]
        else:
            f = change["id_fields"]
            found = zone.find(zone.absolute_or_dot(f["name"]), f["type"], unquote(f["data"]) if "data" in f else None)
        if not found:
            raise Bad("record not found", 404)
        for r in found:
            zone.remove(r)

    @route("PATCH", RECORDS)
    def change(self, q):
        body = q.json
        if q.args["zone"] not in self.store.zones:
            raise Bad("domain not found" if body.get("disallow_new_zone_creation") else "a zone would be made", 404)
        zone = self.zone(q.args["zone"])
        for change in body["changes"]:
            for key, what in change.items():
                getattr(self, "do_" + key)(zone, what)
        return {"records": []}
