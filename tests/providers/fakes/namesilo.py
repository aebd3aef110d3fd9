"""NameSilo API, version 1, XML.

https://www.namesilo.com/api-reference
All is GET with query parameters and is answered with status 200 and a code: 300 is success, 110 an invalid key, 200 a domain that is not the
user's, 280 an error of a change. Hosts are given relative and listed absolute; ids are 32 hexadecimal digits. What too many requests get is
not documented: HTTP 429 here.
"""
from fakelib import Answer, Bad, element, Fake, query, route

CODES = {401: 110, 403: 113, 404: 200, 500: 201}


class Api(Fake):
    hosts = ("www.namesilo.com",)
    creds = {"key": "canary4f81namesilo20"}
    auth = query("key", "key", denied="Invalid API Key")

    def reply(self, *more, code=300, detail="success"):
        return element("namesilo", element("request", element("operation", "dns"), element("ip", "192.0.2.4")),
                       element("reply", element("code", code), element("detail", detail), *more))

    def error(self, status, words):
        return 409 if status == 409 else 200, self.reply(code=CODES.get(status, 280), detail=words)

    def limited(self, words, after):
        return Answer(429, words, "text/plain", {"Retry-After": str(after)})

    def id(self, r):
        return "1a4f%028x" % r.id

    @route("GET", "/api/{operation}")
    def operation(self, q):
        if (q.query.get("version"), q.query.get("type")) != ("1", "xml"):
            return self.reply(code=103, detail="Invalid API version")
        return getattr(self, "do_" + q.args["operation"])(self.zone(q.query["domain"]), q.query)

    def do_dnsListRecords(self, zone, p):
        return self.reply(*[element("resource_record", element("record_id", self.id(r)), element("type", r.type), element("host", r.name),
                                    element("value", r.value), element("ttl", r.ttl), element("distance", 0)) for r in zone.records])

    def do_dnsAddRecord(self, zone, p):
        if not 3600 <= int(p["rrttl"]) <= 2592000:
            raise Bad("TTL is out of range")
        return self.reply(element("record_id", self.id(zone.add(zone.absolute(p["rrhost"]), p["rrtype"], p["rrvalue"], int(p["rrttl"])))))

    def do_dnsDeleteRecord(self, zone, p):
        found = [r for r in zone.records if self.id(r) == p["rrid"]]
        if not found:
            raise Bad("could not delete resource record")
        zone.remove(found[0])
        return self.reply()
