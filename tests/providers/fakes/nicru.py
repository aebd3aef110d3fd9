"""RU-CENTER DNS hosting API (dns-master), XML.

https://www.nic.ru/help/api-dns-hostinga_3643.html
A token is got by OAuth's password grant. Answers are <response><status>success|fail; errors have a code (4097: token, others are not known
here). Names are relative, "@" at the apex; changes are published by commit; ids and names are attributes.
"""
from fakelib import Answer, Published, element, public, route, session

ZONE = "/dns-master/services/{service}/zones/{zone}"


class Api(Published):
    hosts = ("api.nic.ru",)
    creds = {"user": "123456/NIC-D", "password": "canary-nicru-user-8Xq2", "client": "canary0nicru0client", "client_secret": "canary-nicru-app-5Zk7"}

    auth = session()

    def denied(self, q):
        return 401, self.failed("Access token expired or not found", 4097)

    def failed(self, words, code):
        return element("response", element("status", "fail"), element("errors", element("error", words, code=code)))

    def error(self, status, words):
        return status, self.failed(words, {404: 4112, 403: 4102}.get(status, 4000))

    def ok(self, *data):
        return element("response", element("status", "success"), *([element("data", *data)] if data else []))

    @public
    @route("POST", "/oauth/token")
    def token(self, q):
        f = q.form
        if f.get("grant_type") != "password" or not f.get("scope"):
            return 400, {"error": "invalid_request"}
        if (f["client_id"], f["client_secret"]) != (self.creds["client"], self.creds["client_secret"]):
            return 401, {"error": "invalid_client"}
        if (f["username"], f["password"]) != (self.creds["user"], self.creds["password"]):
            return 400, {"error": "invalid_grant"}
        token = "tok%d" % self.store.new_id()
        self.tokens.add(token)
        return {"access_token": token, "expires_in": 14400, "token_type": "Bearer"}

    def rr(self, zone, r):
        inside = element("txt", element("string", r.value)) if r.type == "TXT" else element(r.type.lower(), r.value)
        name = zone.relative(r.name)
        return element("rr", element("name", name), element("idn-name", name), element("ttl", r.ttl), element("type", r.type), inside, id=r.id)

    def attributes(self, z):
        return {"admin": "123/NIC-REG", "enable": "true", "has-changes": "false", "id": z.id, "idn-name": z.name, "name": z.name, "service": "kitservice"}

    @route("GET", "/dns-master/zones")
    def zones_list(self, q):
        return self.ok(*[element("zone", **self.attributes(z)) for z in self.store.zones.values()])

    @route("GET", ZONE + "/records")
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return self.ok(element("zone", *[self.rr(zone, r) for r in zone.records], **self.attributes(zone)))

    @route("PUT", ZONE + "/records")
    def create(self, q):
        zone = self.zone(q.args["zone"])
        made = [zone.add(zone.absolute(rr.find("name").text), rr.find("type").text, rr.find("txt/string").text, int(rr.find("ttl").text))
                for rr in q.xml.findall("rr-list/rr")]
        return self.ok(element("zone", *[self.rr(zone, r) for r in made], **self.attributes(zone)))

    @route("DELETE", ZONE + "/records/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return self.ok()

    @route("POST", ZONE + "/commit")
    def commit(self, q):
        self.zone(q.args["zone"])
        self.committed()
        return Answer(200, '<?xml version="1.0" encoding="UTF-8" ?><response><status>success</status></response>', "text/xml")
