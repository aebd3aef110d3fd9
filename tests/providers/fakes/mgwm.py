"""mgw-media.de, records by paths.

https://github.com/acmesh-official/acme.sh/wiki/dnsapi2#dns_mgwm
No public documentation; from acme.sh's dns_mgwm.sh. GET with Basic authentication, answered OK. Taken to be a set of values: one that is there is
not added again, and one that is not there is not missed; errors are taken to be a line of text.
"""
from fakelib import basic, Fake, route, told, WORDS


class Api(Fake):
    hosts = ("api.mgw-media.de",)
    creds = {"customer": "K104711", "hash": "canarymgwm81ce0fa94b"}
    auth = basic("customer", "hash")
    error = told(WORDS)

    def above(self, name):
        found = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        return max(found, key=lambda z: len(z.name)) if found else self.zone(name)

    @route("GET", "/record/add/{name}/{type}/{value}")
    def add(self, q):
        zone, key = self.above(q.args["name"]), (q.args["name"], q.args["type"].upper(), q.args["value"])
        if not zone.find(*key):
            zone.add(*key, 300)
        return "OK"

    @route("GET", "/record/rm/{name}/{type}/{value}")
    def remove(self, q):
        zone = self.above(q.args["name"])
        for r in zone.find(q.args["name"], q.args["type"].upper(), q.args["value"]):
            zone.remove(r)
        return "OK"
