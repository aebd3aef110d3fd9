"""DNSPod with API tokens: dnsapi.cn and, international, api.dnspod.com.

https://docs.dnspod.cn/api/  https://www.dnspod.com/docs/index.html
Forms with login_token "id,token" and format=json; always status 200 with status.code, "1" for success. Ids are texts of digits; "@" is the
apex; the line must be one that the service knows; an equal record is refused with code 104.
"""
from fakelib import Bad, Fake, answer_of, route


class Cn(Fake):
    hosts = ("dnsapi.cn",)
    creds = {"id": "13490", "key": "canarydnspod6b5976c68aba5b14a0558b77"}
    page_most = 3000
    line = "默认"

    def auth(self, q):
        return q.form.get("login_token") == self.creds["id"] + "," + self.creds["key"]

    def denied(self, q):
        return self.code(-1, "Login fail, please check login info")

    def code(self, code, words, **more):
        return 200, {"status": {"code": str(code), "message": words, "created_at": "2026-01-18 17:23:58"}, **more}

    def ok(self, **more):
        return self.code(1, "Action completed successful", **more)

    def error(self, status, words):
        return self.code({401: -1, 403: 85, 404: 6, 429: -2}.get(status, 34), words) if status < 500 else (status, {"message": words})

    def quota(self, words):
        return self.code(25, words)

    def limited(self, words, after):
        return answer_of(self.code(-2, words))

    def domain(self, q):
        for zone in self.store.zones.values():
            if str(zone.id) == q.form.get("domain_id"):
                return zone
        raise Bad("Domain id invalid", 404)

    @route("POST", "/Domain.Info")
    def domain_info(self, q):
        zone = self.store.zones.get(q.form["domain"])
        if not zone:
            return self.code(6, "Domain name invalid, please input tld domain")
        return self.ok(domain={"id": str(zone.id), "name": zone.name, "punycode": zone.name, "grade": "DP_Free", "ttl": "600", "status": "enable"})

    @route("POST", "/Record.List")
    def records(self, q):
        zone, f = self.domain(q), q.form
        name = zone.absolute(f["sub_domain"]) if f.get("sub_domain") else None
        found = zone.find(name, f.get("record_type"))
        if not found:
            return self.code(10, "No records on the list")
        start = int(f.get("offset", 0))
        return self.ok(info={"record_total": str(len(found))}, records=[
            {"id": str(r.id), "ttl": str(r.ttl), "value": r.value, "enabled": "1", "name": zone.relative(r.name), "line": self.line, "type": r.type,
             "mx": "0"} for r in found[start:start + self.page_size(f.get("length"))]])

    @route("POST", "/Record.Create")
    def create(self, q):
        zone, f = self.domain(q), q.form
        if f["record_line"] != self.line:
            return self.code(26, "Record line invalid")
        if int(f.get("ttl", 600)) < 600:
            return self.code(32, "TTL is out of range")
        name = zone.absolute(f.get("sub_domain", "@"))
        if zone.find(name, f["record_type"], f["value"]):
            return self.code(104, "Record already exists, no need to add it again")
        r = zone.add(name, f["record_type"], f["value"], f.get("ttl", 600))
        return self.ok(record={"id": str(r.id), "name": f["sub_domain"], "status": "enable"})

    @route("POST", "/Record.Remove")
    def remove(self, q):
        zone = self.domain(q)
        found = zone.find(id=q.form["record_id"])
        if not found:
            return self.code(8, "Record id invalid")
        zone.remove(found[0])
        return self.ok()


class Com(Cn):
    hosts = ("api.dnspod.com",)
    line = "default"
