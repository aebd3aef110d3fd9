"""Rackspace Cloud DNS v1.0.

https://docs.rackspace.com/docs/cloud-dns
A token from the identity service; writes are jobs (202, jobId) whose state /status/ID tells. Lists in pages of at most 100 by offset with
totalEntries. Names are absolute; TTLs are at least 300. Errors are {code, message, details}.
"""
from fakelib import Fake, public, route, session, STATUS, told, WORDS

ZONE = "/v1.0/110011/domains/{zone}"


class Api(Fake):
    hosts = ("dns.api.rackspacecloud.com", "identity.api.rackspacecloud.com")
    creds = {"user": "kitracker", "key": "canary-rackspace-e1b4a7"}

    def setup(self):
        self.tokens, self.jobs = set(), {}

    auth = session("X-Auth-Token")
    error = told({"code": STATUS, "message": "Error", "details": WORDS})

    @public
    @route("POST", "/v2.0/tokens")
    def login(self, q):
        if q.json["auth"] != {"RAX-KSKEY:apiKeyCredentials": {"username": self.creds["user"], "apiKey": self.creds["key"]}}:
            return 401, {"unauthorized": {"code": 401, "message": "Username or api key is invalid."}}
        token = f"{self.store.new_id():032x}"
        self.tokens.add(token)
        return {"access": {"token": {"id": token, "expires": "2026-11-23T00:00:00Z", "tenant": {"id": "110011", "name": "110011"}},
            "serviceCatalog": []}}

    def listed(self, q, key, items):
        at = int(q.query.get("offset", 0))
        return {key: items[at:at + self.page_size(q.query.get("limit"))], "totalEntries": len(items)}

    def job(self):
        id = f"852a1e4a-45b4-409b-9d46-{self.store.new_id():012d}"
        self.jobs[id] = 0
        return 202, {"request": "{}", "status": "RUNNING", "verb": "POST", "jobId": id,
            "callbackUrl": f"{self.outside}/v1.0/110011/status/{id}"}

    @route("GET", "/v1.0/110011/domains")
    def domains(self, q):
        return self.listed(q, "domains", [{"id": str(z.id), "name": z.name}
            for z in self.store.zones.values() if q.query.get("name", "") in z.name])

    @route("GET", ZONE + "/records")
    def records(self, q):
        zone = self.zone_by_id(q.args["zone"])
        return self.listed(q, "records", [{"id": f"{r.type}-{r.id}", "name": r.name, "type": r.type, "data": r.value, "ttl": r.ttl}
                                          for r in zone.find(q.query.get("name"), q.query.get("type"))])

    @route("POST", ZONE + "/records")
    def create(self, q):
        zone, records = self.zone_by_id(q.args["zone"]), q.json["records"]
        if any(not isinstance(r["ttl"], int) or r["ttl"] < 300 for r in records):
            return self.error(400, "TTL must be at least 300")
        for r in records:
            zone.add(r["name"], r["type"], r["data"], r["ttl"])
        return self.job()

    @route("DELETE", ZONE + "/records")
    def delete(self, q):
        zone = self.zone_by_id(q.args["zone"])
        zone.remove(self.record(zone, q.query["id"].partition("-")[2]))
        return self.job()

    @route("GET", "/v1.0/110011/status/{id}")
    def status(self, q):
        if q.args["id"] not in self.jobs:
            return self.error(404, "Object not Found.")
        self.jobs[q.args["id"]] += 1 if len(self.jobs) % 8 == 0 else 2
        return {"jobId": q.args["id"], "status": "COMPLETED" if self.jobs[q.args["id"]] > 1 else "RUNNING", "verb": "POST"}
