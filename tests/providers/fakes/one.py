"""one.com, the interface of its control panel.

https://github.com/acmesh-official/acme.sh/wiki/dnsapi#dns_one
There is no documentation; this is what acme.sh does: a form at login.do gives the cookie OneSIDCrmAdmin; custom records are {type, id, attributes: {prefix,
type, content, priority, ttl}} under result.data; a domain that is not in the account is the error CRMRST_000302; deletion answers {result: null,
metadata: null}. That the login redirects and that the API answers 401 without a session is assumed.
"""
from fakelib import Answer, Bad, Fake, public, route

RECORDS = "/admin/api/domains/{zone}/dns/custom_records"


class Api(Fake):
    hosts = ("www.one.com",)
    creds = {"user": "kit@example.test", "password": "canary-one-Sx2Dc3Fv"}

    def setup(self):
        self.sessions = set()

    def auth(self, q):
        return (q.headers.get("Cookie") or "").partition("OneSIDCrmAdmin=")[2].partition(";")[0] in self.sessions

    def error(self, status, words):
        return status, {"error": {"code": "CRMRST_000100", "message": words}, "result": None, "metadata": None}

    def domain(self, name):
        if name not in self.store.zones:
            return None
        return self.store.zones[name]

    def unknown(self):
        return 404, {"error": {"code": "CRMRST_000302", "message": "no such domain"}, "result": None, "metadata": None}

    @public
    @route("POST", "/admin/login.do")
    def login(self, q):
        p = q.form
        if p["loginDomain"] != "true" or (p["username"], p["password1"]) != (self.creds["user"], self.creds["password"]):
            return Answer(200, "<html><body>Wrong e-mail or password</body></html>", "text/html")
        session = "%032X" % (len(self.sessions) + 55)
        self.sessions.add(session)
        return Answer(302, "", "text/html", {"Location": "https://www.one.com/admin/", "Set-Cookie": f"OneSIDCrmAdmin={session}; Path=/; Secure; HttpOnly"})

    def shown(self, zone, r):
        return {"type": "dns_custom_records", "id": str(r.id), "attributes": {
            "prefix": zone.relative(r.name, ""), "type": r.type, "content": r.value, "priority": 0, "ttl": r.ttl}}

    @route("GET", RECORDS)
    def records(self, q):
        zone = self.domain(q.args["zone"])
        return {"result": {"data": [self.shown(zone, r) for r in zone.records]}, "metadata": None} if zone else self.unknown()

    @route("POST", RECORDS)
    def create(self, q):
        zone, a = self.domain(q.args["zone"]), q.json["attributes"]
        if not zone:
            return self.unknown()
        if q.json["type"] != "dns_custom_records" or not isinstance(a["ttl"], int) or a["priority"] != 0:
            raise Bad("attributes are not valid", 422)
        return {"result": {"data": self.shown(zone, zone.add(zone.absolute(a["prefix"]), a["type"], a["content"], a["ttl"]))}, "metadata": None}

    @route("DELETE", RECORDS + "/{id}")
    def delete(self, q):
        zone = self.domain(q.args["zone"])
        if not zone:
            return self.unknown()
        zone.remove(self.record(zone, q.args["id"]))
        return {"result": None, "metadata": None}
