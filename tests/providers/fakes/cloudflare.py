"""Cloudflare API v4.

https://developers.cloudflare.com/api/resources/zones/methods/list/
https://developers.cloudflare.com/api/resources/dns/subresources/records/
Zones and records have 32 hexadecimal characters as ids; every answer is an envelope {result, success, errors, messages};
a record that is there already is refused with code 81058; TXT content comes back as it was written.
"""
import hashlib

from fakelib import Bad, Fake, loose, route

V4 = "/client/v4"


class Api(Fake):
    hosts = ("api.cloudflare.com",)
    creds = {"token": "canary-cloudflare-Tk7q2mXz", "email": "kit@example.test", "key": "canary-cloudflare-key-9f3b1"}

    def zone_id(self, name, number):
        return hashlib.md5(name.encode()).hexdigest()

    def auth(self, q):
        email, key = q.headers.get("X-Auth-Email"), q.headers.get("X-Auth-Key")
        return q.bearer == self.creds["token"] or (email, key) == (self.creds["email"], self.creds["key"])

    def denied(self, q):
        return self.error(403, "Authentication error")

    def error(self, status, words, code=10000):
        return status, {"result": None, "success": False, "errors": [{"code": code, "message": words}], "messages": []}

    def quota(self, words):
        return self.error(400, words, 81045)

    def wrap(self, result, **more):
        return {"result": result, "success": True, "errors": [], "messages": [], **more}

    def shown(self, r):
        return {"id": "%032x" % r.id, "name": r.name, "type": r.type, "content": r.value, "ttl": r.ttl, "proxied": False,
                "proxiable": False, "settings": {}, "comment": None, "tags": []}

    def listed(self, q, items):
        number, size = int(q.query.get("page", 1)), self.page_size(q.query.get("per_page", 20))
        part, pages = self.page(items, number, size)
        return self.wrap(part, result_info={"page": number, "per_page": size, "count": len(part), "total_count": len(items),
                                            "total_pages": pages})

    @route("GET", V4 + "/zones")
    def zones_list(self, q):
        return self.listed(q, [{"id": z.id, "name": z.name, "status": "active", "account": {"id": "a" * 32, "name": "kit"}}
                               for z in self.store.zones.values() if q.query.get("name") in (None, z.name)])

    @route("GET", V4 + "/zones/{id}/dns_records")
    def records_list(self, q):
        p, zone = q.query, self.zone_by_id(q.args["id"])
        name, content = p.get("name", p.get("name.exact")), p.get("content", p.get("content.exact"))
        return self.listed(q, [self.shown(r) for r in zone.find(name and name.lower(), p.get("type"))
                               if content is None or loose(content) == r.value])

    @route("POST", V4 + "/zones/{id}/dns_records")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        ttl = body.get("ttl", 1)
        if not isinstance(ttl, int) or ttl != 1 and not 60 <= ttl <= 86400:
            return self.error(400, "DNS record TTL must be between 60 and 86400, or 1 for automatic.", 9021)
        name, value = zone.absolute_or_dot(self.below(zone, body["name"])), loose(body["content"])
        if zone.find(name, body["type"], value):
            return self.error(400, "An identical record already exists.", 81058)
        return self.wrap(self.shown(zone.add(name, body["type"], value, ttl)))

    def below(self, zone, name):
        """Complete names are taken as such, others get the zone's name appended."""
        name = name.rstrip(".").lower()
        return name + "." if name == zone.name or name.endswith("." + zone.name) else name

    @route("DELETE", V4 + "/zones/{id}/dns_records/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        found = [r for r in zone.records if "%032x" % r.id == q.args["rid"]]
        if not found:
            return self.error(404, "Record does not exist.", 81044)
        zone.remove(found[0])
        return {"result": {"id": q.args["rid"]}}  # without `success`, as the documentation has it

    def zone_by_id(self, id):
        for zone in self.store.zones.values():
            if zone.id == id:
                return zone
        raise Bad("Could not route to /zones/%s, perhaps your object identifier is invalid?" % id, 404)
