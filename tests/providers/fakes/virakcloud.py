"""Virak Cloud public API, DNS.

https://api-docs.virakcloud.com/#tag/dns; answers as https://github.com/virak-cloud/cli reads them
A list has record sets with contents, each of an id (ULID); names are absolute in it; what is deleted is named by name, type and content id.
A content that is there already is refused. Errors are {message}.
"""
from fakelib import Bad, Fake, route

DOMAIN = "/dns/domains/{zone}"


class Api(Fake):
    hosts = ("public-api.virakcloud.com",)
    creds = {"token": "canary|virakcloud0f81c2fa904b"}

    def ulid(self, r):
        return "01HF%022d" % r.id

    @route("GET", DOMAIN)
    def show(self, q):
        return {"data": {"domain": self.zone(q.args["zone"]).name, "status": "ACTIVE", "dns_info": {"virak_dns": [], "domain_dns": []}}}

    @route("GET", DOMAIN + "/records")
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return {"data": [{"name": n, "ttl": 3600, "type": t, "status": "ACTIVE", "is_protected": False, "content": [
            {"id": self.ulid(r), "content_raw": r.value} for r in zone.find(n, t)]} for n, t in dict.fromkeys((r.name, r.type) for r in zone.records)]}

    @route("POST", DOMAIN + "/records")
    def create(self, q):
        zone, b = self.zone(q.args["zone"]), q.json
        if not isinstance(b["ttl"], int):
            raise Bad("The ttl must be an integer.", 422)
        if zone.find(b["record"], b["type"], b["content"]):
            raise Bad("Record already exists", 422)
        zone.add(b["record"], b["type"], b["content"], b["ttl"])
        return {"message": "success"}

    @route("DELETE", DOMAIN + "/records/{name}/{type}/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        for r in zone.find(q.args["name"], q.args["type"]):
            if self.ulid(r) == q.args["id"]:
                zone.remove(r)
                return {"message": "success"}
        raise Bad("Record not found", 404)
