"""Hurricane Electric Free DNS, dynamic TXT records.

https://dns.he.net/
The protocol of dyndns.org: hostname, password (the key of that record) and txt in a form; the answer is a word: good VALUE, nochg
VALUE, badauth, nohost, notfqdn, interval, abuse, badagent, with HTTP status 200. A record has one value; there is no deletion.
"""
from fakelib import Answer, Bad, Fake, public, route

KEY = "canaryHe9vKq2Zt7"


class Api(Fake):
    hosts = ("dyn.dns.he.net",)
    creds = {"tokens": f"_acme-challenge.example.test {KEY}\n_acme-challenge.host.example.test {KEY}\ntest {KEY}\n"}
    words = {401: "badauth", 404: "nohost", 422: "notfqdn", 429: "interval"}

    def error(self, status, words):
        word = self.words.get(status, "911")
        return Answer(status if status in (403, 409, 429, 500) else 200, f"{word} {words}", "text/html")

    @public
    @route("POST", "/nic/update")
    def update(self, q):
        p = q.form
        name = p["hostname"].lower()
        if p["password"] != KEY:
            return self.error(401, "")
        zones = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not zones:
            raise Bad("no such record", 404)
        zone = max(zones, key=lambda z: len(z.name))
        if zone.values(name) == [p["txt"]]:
            return f'nochg "{p["txt"]}"'
        zone.replace(name, "TXT", [p["txt"]], 300)
        return f'good "{p["txt"]}"'
