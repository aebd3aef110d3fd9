"""Firestorm.ch, its API for ACME challenges.

https://github.com/acmesh-official/acme.sh/wiki/dnsapi2#dns_firestorm
No public documentation; from the provider's dns_firestorm.sh. The subdomain is the name behind _acme-challenge; update answers {txt}, as acme-dns does,
remove {removed}. Taken to be a set of values: one that is there is not added again; one that is not there is not missed. Errors are {error}.
"""
from fakelib import Fake, given, route, told, WORDS


class Api(Fake):
    hosts = ("api.firestorm.ch",)
    creds = {"key": "471104", "secret": "canary-firestorm-6Vw2kXq"}

    auth = given("headers", {"X-Api-User": "key", "X-Api-Key": "secret"})

    error = told({"error": WORDS})

    def given(self, q):
        name = "_acme-challenge." + q.json["subdomain"].lower()
        above = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        zone = max(above, key=lambda z: len(z.name)) if above else self.zone(q.json["subdomain"])
        return zone, (name, "TXT", q.json["txt"])

    @route("POST", "/acme-dns/update")
    def update(self, q):
        zone, record = self.given(q)
        if not zone.find(*record):
            zone.add(*record, 60)
        return {"txt": record[2]}

    @route("POST", "/acme-dns/remove")
    def remove(self, q):
        zone, record = self.given(q)
        found = zone.find(*record)
        for r in found:
            zone.remove(r)
        return {"removed": len(found)}
