"""Hexonet (1API), commands for DNS zones.

https://www.hexonet.support/hc/en-gb/articles/13651844979613
Parameters by query or form with s_login and s_pw; the answer is text, lines KEY=value with CODE (200: done, 530: login, 545: no such object, 4xx: try
again, 5xx: wrong) and DESCRIPTION, always with status 200. UpdateDNSZone adds (addrr0) and deletes (delrr0) records in zone file form; that what
is there already is not added again and what is not there is no error is assumed.
"""
import re

from fakelib import Bad, Fake, given, loose, quote, route

CODES = {401: 530, 403: 531, 404: 545, 409: 421, 422: 541, 400: 541, 500: 421}


class Api(Fake):
    hosts = ("coreapi.1api.net",)
    creds = {"login": "kit.user!dnsrole", "password": "canary-hexonet-Tz48Wq"}

    auth = given("params", {"s_login": "login", "s_pw": "password"}, denied="Authentication failed")

    def told(self, code, words, lines=()):
        return "\r\n".join(["[RESPONSE]", f"CODE={code}", f"DESCRIPTION={words}", "QUEUETIME=0", "RUNTIME=0.023", *lines, "EOF", ""])

    def error(self, status, words):
        return (200, self.told(CODES[status], words)) if status in CODES else (status, words)

    def record(self, zone, text):
        """name [ttl] IN type data -> (name, type, value, ttl)"""
        m = re.fullmatch(r"(\S+)(?: (\d+))? IN (\w+) (.*)", text)
        if not m:
            raise Bad("Invalid attribute value; " + text[:60])
        return zone.absolute(m[1]), m[3], loose(m[4]) if m[3] == "TXT" else m[4], int(m[2] or 3600)

    @route("POST", "/api/call.cgi")
    def call(self, q):
        p = {k.lower(): v for k, v in q.params.items()}
        zone = self.store.zones.get(p["dnszone"].rstrip("."))
        if not zone:
            return self.error(404, "Object not found; " + p["dnszone"])
        return getattr(self, "do_" + p["command"].lower())(zone, p)

    def do_querydnszonerrlist(self, zone, p):
        found = zone.find(type=p.get("rrtype"))
        return self.told(200, "Command completed successfully", [
            "PROPERTY[RR][%d]=%s %d IN %s %s" % (i, zone.relative(r.name), r.ttl, r.type, quote(r.value) if r.type == "TXT" else r.value)
            for i, r in enumerate(found)])

    def do_updatednszone(self, zone, p):
        for key, text in p.items():
            if key.startswith("addrr"):
                name, type, value, ttl = self.record(zone, text)
                if not zone.find(name, type, value):
                    zone.add(name, type, value, ttl)
            elif key.startswith("delrr"):
                name, type, value, _ = self.record(zone, text)
                for r in zone.find(name, type, value):
                    zone.remove(r)
        return self.told(200, "Command completed successfully")
