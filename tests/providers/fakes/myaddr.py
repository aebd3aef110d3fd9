"""myaddr.tools.

https://myaddr.tools/
POST /update with {key, acme_challenge}: the name is the key's, the value stands at its _acme-challenge (one, in this fake) and goes away
after some minutes; nothing can be listed or removed. Errors are 400 with words.
"""
from fakelib import Fake, given, route


class Api(Fake):
    hosts = ("myaddr.tools",)
    zones = ("other.tools", "addr.tools", "myaddr.tools")
    creds = {"key": "canarymyaddr7f3a81c24d"}
    info = {"keys": "kit.myaddr.tools canarymyaddr7f3a81c24d"}

    auth = given("json", {"key": "key"})

    def denied(self, q):
        return 400, 'invalid value for "key"\n'

    def error(self, status, words):
        return status, words + "\n"

    @route("POST", "/update")
    def update(self, q):
        zone, name, value = self.zone("myaddr.tools"), "_acme-challenge.kit.myaddr.tools", q.json["acme_challenge"]
        if zone.values(name) != [value]:
            zone.replace(name, "TXT", [value], 60)
        return "OK\n"
