"""WEDOS WAPI, JSON.

https://kb.wedos.com/en/wapi-api-interface/
https://kb.wedos.com/en/wapi-api-interface/wapi-command-dns-rows-list/
One form field `request` with JSON text in it: {request: {user, auth, command, data}}; auth is SHA-1 over user, SHA-1 of the
password and the hour in Prague (all hexadecimal); the answer is {response: {code, result, data}}, 1000 is OK; names are relative,
"" at the apex; changes count once they are committed; TTL 300 at least. Which codes errors have is not known here: their words
(result) tell.
"""
import hashlib
import json
import time

from fakelib import Bad, Published, route


def sha1(text):
    return hashlib.sha1(text.encode()).hexdigest()


class Api(Published):
    hosts = ("api.wedos.com",)
    creds = {"user": "kit@example.test", "password": "canary-wedos-Xz7Cv5Bn"}

    def error(self, status, words):
        return status if status in (401, 403, 409, 429, 500) else 200, {"response": {"code": 3000, "result": words, "svTRID": "x"}}

    def denied(self, q):
        return 200, {"response": {"code": 2050, "result": "Authentication failed", "svTRID": "x"}}

    def request(self, q):
        return json.loads(q.form["request"])["request"]

    def auth(self, q):
        now = time.time()
        os_zone = [time.strftime("%H", time.gmtime(now + 3600 * h)) for h in self.offsets(now)]
        return self.request(q).get("auth") in [sha1(self.creds["user"] + sha1(self.creds["password"]) + h) for h in os_zone]

    def offsets(self, now):
        """Hours ahead of UTC in Prague: 2 from the last Sunday of March 01:00 UTC to that of October."""
        year = time.gmtime(now).tm_year

        def last_sunday(month):
            import calendar
            day = max(w[6] for w in calendar.monthcalendar(year, month))
            return calendar.timegm((year, month, day, 1, 0, 0))
        return [2 if last_sunday(3) <= now < last_sunday(10) else 1]

    def domain(self, name):
        if name not in self.store.zones:
            raise Bad("DNS domain not found")
        return self.store.zones[name]

    @route("POST", "/wapi/json")
    def call(self, q):
        r = self.request(q)
        data = getattr(self, "do_" + r["command"].replace("-", "_"))(r["data"])
        return {"response": {"code": 1000, "result": "OK", "timestamp": 1291194425, "svTRID": "x", "command": r["command"],
                             **({"data": data} if data else {})}}

    def do_dns_rows_list(self, d):
        zone = self.domain(d["domain"])
        return {"row": [{"ID": str(r.id), "name": zone.relative(r.name, ""), "ttl": str(r.ttl), "rdtype": r.type, "rdata": r.value,
                         "changed_date": "2026-01-01 09:54:41", "author_comment": ""} for r in zone.records]}

    def do_dns_row_add(self, d):
        zone = self.domain(d["domain"])
        if int(d["ttl"]) < 300:
            raise Bad("TTL is too low")
        zone.add(zone.absolute(d["name"]), d["type"], d["rdata"], int(d["ttl"]))

    def do_dns_row_delete(self, d):
        zone = self.domain(d["domain"])
        found = zone.find(id=d["row_id"])
        if not found:
            raise Bad("DNS row not found")
        zone.remove(found[0])

    def do_dns_domain_commit(self, d):
        self.domain(d["name"])
        self.committed()
