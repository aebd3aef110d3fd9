"""Name.com API v4, DNS.

https://www.name.com/api-docs/dns
Basic authentication with user name and token. `host` is relative ("" at the apex, and then left out of answers as all empty members),
`fqdn` is absolute with a final dot. Pages are numbered from 1, nextPage and lastPage are there while there is a next one; TTL is 300 at least.
"""
from fakelib import Fake, basic, route, told, WORDS

RECORDS = "/v4/domains/{zone}/records"


class Api(Fake):
    hosts = ("api.name.com",)
    creds = {"user": "kituser", "token": "canarynamecom5d81f09b77e3"}
    page_most = 1000
    auth = basic("user", "token", denied="Unauthenticated")
    error = told({"message": WORDS})

    no_zone = ("Not Found", 404)

    def shown(self, zone, r):
        shown = {"id": r.id, "domainName": zone.name, "host": zone.relative(r.name, ""), "fqdn": r.name + ".", "type": r.type,
                 "answer": r.value, "ttl": r.ttl}
        return {k: v for k, v in shown.items() if v != ""}

    @route("GET", "/v4/domains/{zone}")
    def domain(self, q):
        return {"domainName": self.zone(q.args["zone"]).name, "locked": True, "autorenewEnabled": True, "expireDate": "2027-01-01T00:00:00Z"}

    @route("GET", RECORDS)
    def records(self, q):
        zone, number = self.zone(q.args["zone"]), int(q.query.get("page", 1))
        items, pages = self.page(zone.records, number, q.query.get("perPage"))
        more = {"nextPage": number + 1, "lastPage": pages} if number < pages else {}
        return {"records": [self.shown(zone, r) for r in items], **more}

    @route("POST", RECORDS)
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not isinstance(body.get("ttl", 300), int) or body.get("ttl", 300) < 300:
            return self.error(400, "Invalid Argument: ttl must be at least 300")
        return self.shown(zone, zone.add(zone.absolute(body.get("host", "")), body["type"], body["answer"], body.get("ttl", 300)))

    @route("DELETE", RECORDS + "/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return {}
