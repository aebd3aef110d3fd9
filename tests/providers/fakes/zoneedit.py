"""ZoneEdit, TXT records of dynamic DNS.

https://support.zoneedit.com/en/knowledgebase/article/changes-to-dynamic-dns
Two URLs with host and rdata; the answer is one element without an end: <SUCCESS CODE="200" TEXT="..." ZONE="..."> or <ERROR
CODE="708" TEXT="Failed Login: user" ZONE="...">; 701 zone not set up, 702 too early. An equal record is stored once; that the
deletion of an absent one succeeds is assumed.
"""
from fakelib import Answer, Bad, basic, Fake, route


class Api(Fake):
    hosts = ("dynamic.zoneedit.com",)
    creds = {"user": "kitze", "token": "CANARYZE7A2C9F"}
    auth = basic("user", "token")

    def denied(self, q):
        return self.line("ERROR", 708, "Failed Login: kitze")

    def line(self, tag, code, words, zone="", status=200):
        return Answer(status, f'<{tag} CODE="{code}" TEXT="{words}" ZONE="{zone}">\n', "text/html")

    def error(self, status, words):
        return self.line("ERROR", {404: 701}.get(status, 705), words, status=status if status in (401, 403, 409, 429, 500) else 200)

    def of(self, name):
        zones = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not zones:
            raise Bad("Zone is not set up in this account", 404)
        return max(zones, key=lambda z: len(z.name))

    @route("GET", "/txt-create.php")
    def create(self, q):
        name, value = q.query["host"].lower(), q.query["rdata"]
        zone = self.of(name)
        if not zone.find(name, "TXT", value):
            zone.add(name, "TXT", value, 60)
        return self.line("SUCCESS", 200, f"{name} TXT with rdata {value} created", zone.name)

    @route("GET", "/txt-delete.php")
    def delete(self, q):
        name, value = q.query["host"].lower(), q.query["rdata"]
        zone = self.of(name)
        for r in zone.find(name, "TXT", value):
            zone.remove(r)
        return self.line("SUCCESS", 200, f"{name} TXT with rdata {value} deleted", zone.name)
