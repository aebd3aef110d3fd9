"""Hosting.nl API, DNS of domains.

https://api.hosting.nl/api/documentation
Bodies of POST and DELETE are lists; names are absolute, ids text, TXT content is in quotes. Answers are {success, data}, errors
{errors: {message}} or {error: words}.
"""
from fakelib import Bad, Fake, header, quote, route, unquote

DNS = "/domains/{zone}/dns"


class Api(Fake):
    hosts = ("api.hosting.nl",)
    creds = {"key": "canary-hostingnl-6Wd3xTq8"}
    auth = header("API-TOKEN", "key")

    def error(self, status, words):
        return (status, {"error": words}) if status == 404 else (status, {"errors": {"message": words}})

    def shown(self, r):
        return {"id": str(r.id), "type": r.type, "name": r.name, "content": quote(r.value) if r.type == "TXT" else r.value, "prio": 0, "ttl": r.ttl}

    @route("GET", DNS)
    def records(self, q):
        return {"success": True, "data": [self.shown(r) for r in self.zone(q.args["zone"]).records]}

    @route("POST", DNS)
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not isinstance(body, list) or not all(isinstance(b["ttl"], int) for b in body):
            raise Bad("Something went wrong")
        return {"success": True, "data": [self.shown(zone.add(b["name"], b["type"], unquote(b["content"]), b["ttl"])) for b in body]}

    @route("DELETE", DNS)
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        found = [self.record(zone, b["id"]) for b in q.json]
        for r in found:
            zone.remove(r)
        return {"success": True, "data": [{"id": str(r.id)} for r in found]}
