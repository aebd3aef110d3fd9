"""Gravity, DNS part of its API.

https://gravity.beryju.io/docs/api/reference/
A session cookie by login. Zones have a final dot; records stand under zone, host name ("@" at the apex), type and a uid of the client's
choice: a second record with the same four replaces the first. Empty lists are null. Errors are {status, error, code}.
The body of errors of the DNS part is assumed to be that of the login.
"""
from fakelib import Answer, Bad, Fake, public, route

PATH = "/api/v1/dns/zones/records"


class Api(Fake):
    creds = {"username": "acme", "password": "canary-gravity-Xo28Lm"}

    def setup(self):
        self.sessions, self.uids = set(), {}

    def auth(self, q):
        return any(f"gravity_session={s}" in (q.headers.get("Cookie") or "").split("; ") for s in self.sessions)

    def denied(self, q):
        return self.error(401, "unauthenticated")

    def error(self, status, words):
        return status, {"status": {401: "UNAUTHENTICATED", 404: "NOT_FOUND"}.get(status, "INTERNAL"), "error": words, "code": 0,
            "context": {}}

    @public
    @route("POST", "/api/v1/auth/login")
    def login(self, q):
        right = (q.json["username"], q.json["password"]) == (self.creds["username"], self.creds["password"])
        if not right:
            return {"successful": False}
        session = f"s{self.store.new_id()}"
        self.sessions.add(session)
        return Answer(200, '{"successful": true}', headers={"Set-Cookie": f"gravity_session={session}; Path=/; HttpOnly"})

    @route("GET", "/api/v1/dns/zones")
    def zones_list(self, q):
        return {"zones": [{"name": z.name + ".", "authoritative": True, "defaultTTL": 86400, "hook": "", "recordCount": len(z.records)}
                          for z in self.store.zones.values() if q.query.get("name") in (None, z.name + ".")] or None}

    def zone_of(self, q):
        if not q.query["zone"].endswith("."):
            raise Bad("zone not found", 404)
        return self.zone(q.query["zone"][:-1])

    def uid(self, r):
        return self.uids.get(r.id, str(r.id))

    @route("GET", PATH)
    def records(self, q):
        zone = self.zone_of(q)
        return {"records": [{"uid": self.uid(r), "fqdn": r.name + ".", "hostname": zone.relative(r.name), "type": r.type, "data": r.value}
                            for r in zone.records if q.query.get("hostname") in (None, zone.relative(r.name))] or None}

    @route("POST", PATH)
    def put(self, q):
        zone, b = self.zone_of(q), q.json
        name = zone.absolute(q.query["hostname"])
        for r in zone.find(name, b["type"]):
            if self.uid(r) == q.query.get("uid", "0"):
                zone.remove(r)
        self.uids[zone.add(name, b["type"], b["data"]).id] = q.query.get("uid", "0")

    @route("DELETE", PATH)
    def delete(self, q):
        zone = self.zone_of(q)
        found = [r for r in zone.find(zone.absolute(q.query["hostname"]), q.query["type"]) if self.uid(r) == q.query["uid"]]
        for r in found:
            zone.remove(r)
