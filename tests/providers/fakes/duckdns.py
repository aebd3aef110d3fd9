"""Duck DNS.

https://www.duckdns.org/spec.jsp
GET /update with domains (without .duckdns.org), token and txt: the domain's one TXT value, for all of its names, is set; with clear=true it
is removed. The answer is OK or KO, with verbose=true followed by the value and UPDATED or NOCHANGE; the status is always 200.
"""
from fakelib import Fake, query, route

DOMAIN = "kit.duckdns.org"


class Api(Fake):
    hosts = ("www.duckdns.org",)
    zones = ("other.org", "kdns.org", "duckdns.org")
    creds = {"token": "a7c4d0ad-canary-duck-9c14-4ea2"}
    auth = query("token", "token", denied=(200, "KO"))

    def error(self, status, words):
        return status, words  # of what stands before it; its own is KO

    @route("GET", "/update")
    def update(self, q):
        zone, p = self.zone("duckdns.org"), q.query
        if p["domains"] != "kit":
            return "KO"
        name, clear = "_acme-challenge." + DOMAIN, p.get("clear") == "true"
        new, old = [] if clear else [p["txt"]], zone.values(name)
        if new != old:
            zone.replace(name, "TXT", new, 60)
        return "OK\n%s\n%s" % ("" if clear else p["txt"], "NOCHANGE" if new == old else "UPDATED") if p.get("verbose") else "OK"
