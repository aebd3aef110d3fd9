"""DigitalOcean API v2, domain records.

https://docs.digitalocean.com/reference/api/digitalocean/#tag/Domain-Records
A record's `name` is relative to the domain when it is created and listed; the filter `name` wants the fully qualified name.
Two equal records are possible. Lists are paged (20 by default, 200 at most) with links.pages.next.
"""
from fakelib import Answer, Fake, bearer, route

V2 = "/v2/domains"


class Api(Fake):
    hosts = ("api.digitalocean.com",)
    creds = {"token": "canary-digitalocean-dop_v1_81c2f0"}
    auth = bearer("token", denied="Unable to authenticate you")
    page_most = 200

    def error(self, status, words):
        return status, {"id": {401: "Unauthorized", 404: "not_found"}.get(status, "unprocessable_entity"), "message": words,
                        "request_id": "4d9d8375-3c56-4925-a3e7-eb137fed17e9"}

    def shown(self, zone, r):
        return {"id": r.id, "type": r.type, "name": zone.relative(r.name), "data": r.value, "priority": None, "port": None,
                "ttl": r.ttl, "weight": None, "flags": None, "tag": None}

    def listed(self, q, key, items):
        size, number = self.page_size(q.query.get("per_page", 20)), int(q.query.get("page", 1))
        part, pages = self.page(items, number, size)
        links = {} if number >= pages else {"pages": {
            "next": f"{self.outside}{q.raw_path}?page={number + 1}&per_page={size}", "last": f"{self.outside}{q.raw_path}?page={pages}"}}
        return {key: part, "links": links, "meta": {"total": len(items)}}

    @route("GET", V2)
    def domains(self, q):
        return self.listed(q, "domains", [{"name": z.name, "ttl": 1800, "zone_file": ""} for z in self.store.zones.values()])

    @route("GET", V2 + "/{zone}")
    def domain(self, q):
        return {"domain": {"name": self.zone(q.args["zone"]).name, "ttl": 1800, "zone_file": ""}}

    @route("GET", V2 + "/{zone}/records")
    def records(self, q):
        zone = self.zone(q.args["zone"])
        name = q.query.get("name", "").rstrip(".").lower() or None
        return self.listed(q, "domain_records", [self.shown(zone, r) for r in zone.find(name, q.query.get("type"))])

    @route("POST", V2 + "/{zone}/records")
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not isinstance(body.get("ttl", 1800), int) or body.get("ttl", 1800) < 30:
            return self.error(422, "TTL must be at least 30 seconds")
        r = zone.add(zone.absolute_or_dot(body["name"]), body["type"], body["data"], body.get("ttl", 1800))
        return 201, {"domain_record": self.shown(zone, r)}

    @route("DELETE", V2 + "/{zone}/records/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return Answer(204, b"", None)
