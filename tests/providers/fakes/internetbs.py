"""Internet.bs domain API, DNS records.

https://internetbs.net/internet-bs-api.pdf
Forms by POST with apiKey and password; answers are 200 with {transactid, status: SUCCESS or FAILURE, message, code}. List shows the
records of a domain, names absolute; Add and Remove find the domain by themselves; Remove takes away the record with that value.
"""
from fakelib import Bad, Fake, given, route

DNS = "/Domain/DnsRecord/"


class Api(Fake):
    hosts = ("api.internet.bs",)
    creds = {"key": "canaryinternetbs7Q0k", "password": "canary-internetbs-pw-x81Z"}

    auth = given("form", {"apiKey": "key", "password": "password"})

    def failure(self, words, code):
        return 200, {"transactid": "67e4689073df2f153e7184aeb47a98f9", "status": "FAILURE", "message": words, "code": code}

    def denied(self, q):
        return self.failure("Invalid API key and/or Password", 107002)

    def error(self, status, words):
        return (status,) + self.failure(words, 100002)[1:] if status in (401, 403, 404, 409, 422, 429, 500) else self.failure(words, 100002)

    def ok(self, **more):
        return {"transactid": "548e3298130b492de23258634fd74481", "status": "SUCCESS", **more}

    def json_wanted(self, q):
        if q.form.get("ResponseFormat") != "JSON":
            raise Bad("text is the default", 400)
        return q.form

    @route("POST", DNS + "List")
    def list(self, q):
        p = self.json_wanted(q)
        zone = self.store.zones.get(p["Domain"])
        if not zone:
            return self.failure(f"The domain {p['Domain']} is not in your account!", 100005)
        records = [{"name": r.name, "value": r.value, "ttl": r.ttl, "type": r.type} for r in zone.records
                   if p.get("FilterType", r.type) in (r.type, "ALL")]
        return self.ok(total_records=len(records), records=records)

    def of(self, p):
        name = p["fullrecordname"].lower()
        if name.endswith("."):
            raise Bad(f'Invalid value "{name}" for parameter "fullrecordname"!', 400)
        found = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not found:
            raise Bad("The domain is not in your account!", 400)
        return max(found, key=lambda z: len(z.name)), name

    @route("POST", DNS + "Add")
    def add(self, q):
        p = self.json_wanted(q)
        zone, name = self.of(p)
        if zone.find(name, p["type"], p["value"]):
            return self.failure("The record already exists!", 100010)
        zone.add(name, p["type"], p["value"], int(p.get("ttl", 3600)))
        return self.ok()

    @route("POST", DNS + "Remove")
    def remove(self, q):
        p = self.json_wanted(q)
        zone, name = self.of(p)
        found = zone.find(name, p["type"], p.get("value"))
        if not found:
            return self.failure("The record does not exist!", 100011)
        for r in found:
            zone.remove(r)
        return self.ok()
