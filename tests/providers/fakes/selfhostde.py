"""SelfHost.de API, content of a record.

https://www.selfhost.de/cgi-bin/selfhost?p=document (the API is described in the customers' area; this is from its clients)
A GET with the number (RID) of a TXT record, which was made by hand, sets its content; the answer is a text with the status.
"""
from fakelib import Bad, Fake, given, route

RIDS = {"4711": ("example.test", "_acme-challenge.example.test"), "4712": ("other.test", "_acme-challenge.other.test")}


class Api(Fake):
    hosts = ("account.selfhost.de",)
    creds = {"username": "kit04711", "password": "canary-selfhost-9Tz3"}
    info = {"records": "\n".join(f"{name} {rid}" for rid, (_, name) in RIDS.items())}

    auth = given("query", {"username": "username", "password": "password"}, denied="Unauthorized")

    def error(self, status, words):
        return status, f"{status} {words}\n"

    @route("GET", "/cgi-bin/api.pl")
    def update(self, q):
        if q.query["rid"] not in RIDS:
            raise Bad("RID not found", 404)
        zone, name = RIDS[q.query["rid"]]
        self.zone(zone).replace(name, "TXT", [q.query["content"]], 60)
        return "200 OK\n"
