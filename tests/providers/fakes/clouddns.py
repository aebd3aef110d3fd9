"""CloudDNS of vshosting.

https://admin.vshosting.cloud/clouddns/swagger/
A login gives a bearer token. Names of domains and records end in a dot; a domain has its records in lastDomainRecordList; what was changed
counts once the domain is published. Ids are short texts. The bodies of errors are as clients of it read them: {error: {code, message}}.
"""
from fakelib import Bad, Published, public, route, session, told, STATUS, WORDS

API = "/clouddns"


class Api(Published):
    hosts = ("admin.vshosting.cloud",)
    creds = {"client": "kitClient42", "email": "kit@example.test", "password": "canary-clouddns-9Fw3"}

    def zone_id(self, name, number):
        return f"D{number}x"

    auth = session(denied="Unauthorized")
    error = told({"error": {"code": STATUS, "message": WORDS}})

    @public
    @route("POST", "/api/public/auth/login")
    def login(self, q):
        if (q.json.get("email"), q.json.get("password")) != (self.creds["email"], self.creds["password"]):
            return self.error(401, "Invalid credentials")
        token = "token-clouddns-%d" % self.store.new_id()
        self.tokens.add(token)
        return {"auth": {"accessToken": token, "refreshToken": "r" + token}}

    @route("POST", API + "/domain/search")
    def search(self, q):
        wanted = {s["name"]: s["value"] for s in q.json["search"] if s["operator"] == "eq"}
        if wanted["clientId"] != self.creds["client"]:
            return self.error(403, "Forbidden")
        return {"items": [{"id": z.id, "clientId": self.creds["client"], "domainName": z.name + "."} for z in self.store.zones.values()
                          if wanted.get("domainName") in (None, z.name + ".")]}

    @route("GET", API + "/domain/{id}")
    def domain(self, q):
        zone = self.zone_by_id(q.args["id"])
        return {"id": zone.id, "domainName": zone.name + ".", "soaTtl": 300, "lastDomainRecordList": [
            {"id": f"R{r.id}y", "domainId": zone.id, "name": r.name + ".", "value": r.value, "type": r.type} for r in zone.records]}

    @route("POST", API + "/record-txt")
    def create(self, q):
        body = q.json
        zone = self.zone_by_id(body["domainId"])
        if body["type"] != "TXT" or not body["name"].endswith("."):
            raise Bad("Validation failed")
        r = zone.add(body["name"][:-1].lower(), "TXT", body["value"], 300)
        return {"id": f"R{r.id}y", "domainId": zone.id, "name": body["name"], "value": r.value, "type": "TXT"}

    @route("DELETE", API + "/record/{id}")
    def delete(self, q):
        zone, record = self.record_anywhere(q.args["id"][1:-1])
        zone.remove(record)
        return {}

    @route("PUT", API + "/domain/{id}/publish")
    def publish(self, q):
        self.zone_by_id(q.args["id"])
        if not isinstance(q.json["soaTtl"], int):
            raise Bad("soaTtl: number expected")
        self.committed()
        return {}
