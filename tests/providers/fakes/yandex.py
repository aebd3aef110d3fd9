"""Yandex PDD (mail for domain) API, DNS.

https://yandex.com/dev/domain/doc/concepts/api-dns.html
Answers have status 200 and {success: ok} or {success: error, error: word}; subdomains are relative, "@" at the apex; ids are numbers; the
TTL is 900 to 1209600. The word for a record that is not there is not documented ("no_such_record" is taken); the
other words stand alone, but for what the kit puts behind them.
"""
from fakelib import Bad, Fake, header, route

WORDS = {401: "bad_token", 403: "no_auth", 404: "no_such_domain"}
DNS = "/api2/admin/dns"


class Api(Fake):
    hosts = ("pddimp.yandex.ru",)
    creds = {"token": "CANARYYANDEXPDD81C2FA904B"}
    auth = header("PddToken", "token")

    def denied(self, q):
        return {"success": "error", "error": "bad_token"}

    def error(self, status, words):
        return status if status >= 409 else 200, {"success": "error", "error": f"{WORDS[status]}: {words}" if status in WORDS else words}

    def shown(self, zone, r):
        return {"record_id": r.id, "domain": zone.name, "subdomain": zone.relative(r.name), "fqdn": r.name, "ttl": r.ttl, "type": r.type, "content": r.value}

    @route("GET", DNS + "/list")
    def records(self, q):
        zone = self.zone(q.query["domain"])
        return {"success": "ok", "domain": zone.name, "records": [self.shown(zone, r) for r in zone.records]}

    @route("POST", DNS + "/add")
    def create(self, q):
        f = q.form
        zone = self.zone(f["domain"])
        if not 900 <= int(f["ttl"]) <= 1209600:
            raise Bad("bad_ttl")
        return {"success": "ok", "domain": zone.name, "record": self.shown(zone, zone.add(zone.absolute(f["subdomain"]), f["type"], f["content"], int(f["ttl"])))}

    @route("POST", DNS + "/del")
    def delete(self, q):
        zone = self.zone(q.form["domain"])
        found = zone.find(id=q.form["record_id"])
        if not found:
            raise Bad("no_such_record")
        zone.remove(found[0])
        return {"success": "ok", "domain": zone.name, "record_id": found[0].id}
