"""Core-Networks DNS API (beta).

https://beta.api.core-networks.de/doc/
A token is got with login and password. Records have no ids: they are added, and all that match are deleted; "@" is the apex. What was
changed is published by commit. TXT data is written bare and shown in quotes. The bodies of errors are not documented: {message} here.
"""
from fakelib import Answer, Published, loose, public, quote, route, session

ZONE = "/dnszones/{zone}"


class Api(Published):
    hosts = ("beta.api.core-networks.de",)
    creds = {"login": "kit-api-user", "password": "canary-corenetworks-4yTzQ8"}

    auth = session()

    @public
    @route("POST", "/auth/token")
    def token(self, q):
        if (q.json.get("login"), q.json.get("password")) != (self.creds["login"], self.creds["password"]):
            return self.error(401, "login failed")
        token = "token-%d" % self.store.new_id()
        self.tokens.add(token)
        return {"token": token, "expires": 3600}

    @route("GET", "/dnszones/")
    def zones_list(self, q):
        return [{"name": name, "type": "master"} for name in self.store.zones]

    @route("GET", ZONE)
    def details(self, q):
        return {"active": True, "dnssec": False, "master": None, "name": self.zone(q.args["zone"]).name, "tsig": None, "type": "master"}

    @route("GET", ZONE + "/records/")
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return [{"name": zone.relative(r.name), "ttl": r.ttl, "type": r.type, "data": quote(r.value) if r.type == "TXT" else r.value}
                for r in zone.records]

    @route("POST", ZONE + "/records/")
    def add(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not isinstance(body["ttl"], int) or body["ttl"] < 60:
            return self.error(400, "ttl: at least 60")
        zone.add(zone.absolute(body["name"]), body["type"], loose(body["data"]), body["ttl"])
        return Answer(204, b"", None)

    @route("POST", ZONE + "/records/delete")
    def delete(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        for r in zone.find(zone.absolute(body["name"]), body.get("type"), loose(body["data"]) if "data" in body else None):
            zone.remove(r)
        return Answer(204, b"", None)

    @route("POST", ZONE + "/records/commit")
    def commit(self, q):
        self.zone(q.args["zone"])
        self.committed()
        return Answer(204, b"", None)
