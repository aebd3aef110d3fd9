"""united-domains Reselling, call.cgi (the platform of RRPproxy).

https://github.com/acmesh-official/acme.sh/wiki/dnsapi#dns_udr
Login and password in the query, the command in a form; the answer is lines `key = value` between [RESPONSE] and EOF: code 200 is
done, 530 wrong credentials, 545 no such zone, 549 failed, 421 try later; lists are property[rr][N]; a record is one line of a zone
file, and deletion must give it as it is stored. TXT data comes back in quotes.
"""
from fakelib import Answer, Bad, Fake, given, loose, quote, route

CODES = {401: 530, 403: 531, 404: 545, 409: 549, 500: 421}


class Api(Fake):
    hosts = ("api.domainreselling.de",)
    creds = {"user": "kitudr", "password": "canary-udr-Bv6Mn2Lk"}

    def lines(self, code, words, properties=(), status=200):
        out = ["[RESPONSE]", f"code = {code}", f"description = {words}", *properties, "queuetime = 0", "runtime = 0.02", "EOF"]
        return Answer(status, "\r\n".join(out) + "\r\n", "text/plain")

    auth = given("query", {"s_login": "user", "s_pw": "password"})

    def denied(self, q):
        return self.lines(530, "Authentication failed")

    def error(self, status, words):
        if status == 429:
            return Answer(429, "description = " + words, "text/plain")
        return self.lines(CODES.get(status, 541), words)

    def text(self, r):
        return f"{r.name}. {r.ttl} IN {r.type} " + (quote(r.value) if r.type == "TXT" else r.value)

    @route("POST", "/api/call.cgi")
    def call(self, q):
        p = q.params
        zone = self.zone(p["dnszone"].rstrip("."))
        if p["command"] == "QueryDNSZoneRRList":
            return self.lines(200, "Command completed successfully",
                              [f"property[rr][{i}] = {self.text(r)}" for i, r in enumerate(zone.records)])
        if p["command"] != "UpdateDNSZone":
            raise Bad("Unknown command")
        if "addrr0" in p:
            name, ttl, _, type, value = p["addrr0"].split(" ", 4)
            zone.add(zone.absolute_or_dot(name), type, loose(value), int(ttl))
        if "delrr0" in p:
            found = [r for r in zone.records if self.text(r) == p["delrr0"]]
            if not found:
                raise Bad("RR not found")
            zone.remove(found[0])
        return self.lines(200, "Command completed successfully")
