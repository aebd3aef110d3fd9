"""dnsHome.de, TXT values for ACME.

https://www.dnshome.de/dokumentation/acme
dyndns.php with basic authentication by the host's name and its password; acme=add or rm, txt the value, of more than 12 characters, which then
is at _acme-challenge of the host. The answer is text that begins with `successfully`, or the trouble. That a value is there once is assumed.
"""
from fakelib import Bad, Fake, route, told, WORDS

HOST = "kit.dnshome.de"


class Api(Fake):
    hosts = ("www.dnshome.de",)
    zones = ("other.de", "home.de", "dnshome.de")
    password = "canarydnshome41f8c02e"
    creds = {"passwords": f"other.dnshome.de canarydnshomeother7d\n{HOST} {password}\n"}

    def auth(self, q):
        return q.basic == (HOST, self.password)

    error = told(WORDS)

    def quota(self, words):
        return 200, words

    @route("POST", "/dyndns.php")
    def post(self, q):
        zone, p = self.zone("dnshome.de"), q.query
        if len(p["txt"]) < 12:
            raise Bad("txt too short")
        name = "_acme-challenge." + HOST
        found = zone.find(name, "TXT", p["txt"])
        if p["acme"] == "add" and not found:
            zone.add(name, "TXT", p["txt"], 60)
        for r in found if p["acme"] == "rm" else ():
            zone.remove(r)
        return f"successfully {'added' if p['acme'] == 'add' else 'removed'}"
