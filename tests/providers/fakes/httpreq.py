"""A service of the operator's own behind lego's provider httpreq, default mode.

https://go-acme.github.io/lego/dns/httpreq/
POST /present and /cleanup with {"fqdn": "_acme-challenge.x.", "value": "..."}; any 2xx is success. What else a service does is its own
affair: this one is as the ABI wants it, adds a value once and takes only that away; basic authentication.
"""
from fakelib import Answer, Bad, basic, Fake, route


class Api(Fake):
    creds = {"username": "acme", "password": "canary-httpreq-5c1d77e0"}
    auth = basic("username", "password")

    def error(self, status, words):
        return status, words + "\n"

    def asked(self, q):
        body = q.json
        if set(body) != {"fqdn", "value"} or not body["fqdn"].endswith("."):
            raise Bad("expected fqdn, with its final dot, and value")
        name = body["fqdn"][:-1]
        fits = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not fits:
            raise Bad(f"{name} is in no zone of mine", 422)
        return max(fits, key=lambda z: len(z.name)), name, body["value"]

    @route("POST", "/acme/present")
    def present(self, q):
        zone, name, value = self.asked(q)
        if not zone.find(name, "TXT", value):
            zone.add(name, "TXT", value, 60)
        return Answer(200, b"", None)

    @route("POST", "/acme/cleanup")
    def cleanup(self, q):
        zone, name, value = self.asked(q)
        for record in zone.find(name, "TXT", value):
            zone.remove(record)
        return Answer(200, b"", None)
