"""IPv64.net API.

https://ipv64.net/dyndns_updater_api
A bearer key; GET ?get_domains shows all domains with their records; forms with add_record or del_record (with DELETE) = the domain, praefix
("" for the domain itself), type and content. Answers are {info, status, <what was asked>}, with the status of HTTP as words.
"""
from fakelib import Bad, bearer, Fake, route

WORDS = {400: "400 Bad Request", 401: "401 Unauthorized", 403: "403 Forbidden", 404: "404 Not Found", 429: "429 Too Many Requests"}


class Api(Fake):
    hosts = ("ipv64.net",)
    creds = {"key": "canaryipv64Dr4l6jFVgkXITqZPEyM"}
    auth = bearer("key")

    def denied(self, q):
        return 401, {"status": "401 Unauthorized", "info": "Unauthorized"}

    def error(self, status, words):
        return status, {"info": "error", "status": WORDS.get(status, f"{status} Error"), "add_record": words}

    @route("GET", "/api")
    def get(self, q):
        if "get_domains" not in q.query:
            raise Bad("unknown call")
        return {"subdomains": {z.name: {"updates": 0, "wildcard": 1, "domain_update_hash": "Dr4l6jFV", "records": [
            {"record_id": r.id, "content": r.value, "ttl": r.ttl, "type": r.type, "praefix": z.relative(r.name, ""),
             "last_update": "2026-07-19 13:18:59", "record_key": f"K{r.id}"} for r in z.records]} for z in self.store.zones.values()},
            "info": "success", "status": "200 OK", "add_domain": "get_domains"}

    @route("POST", "/api")
    def add(self, q):
        f = q.form
        zone = self.zone(f["add_record"])
        name = zone.absolute(f["praefix"])
        if zone.find(name, f["type"], f["content"]):
            return self.error(400, "dns record already there")
        zone.add(name, f["type"], f["content"], 60)
        return 201, {"info": "success", "status": "201 Created", "add_record": zone.name}

    @route("DELETE", "/api")
    def delete(self, q):
        f = q.form
        zone = self.zone(f["del_record"])
        found = zone.find(zone.absolute(f["praefix"]), f["type"], f["content"])
        if not found:
            return 403, {"info": "error", "status": "403 Forbidden", "del_record": "del_record"}
        zone.remove(found[0])
        return 202, {"info": "success", "status": "202 Accepted", "del_record": "del_record"}
