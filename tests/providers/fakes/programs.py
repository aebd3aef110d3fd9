"""Programs that people have for other ACME clients (the folder programs/), over zones that are kept here.

No API of anybody: POST /add and /del with the form name=&value=, which the programs ask with curl. What the programs are given is of
the clients' documentation:
https://eff-certbot.readthedocs.io/en/stable/using.html#pre-and-post-validation-hooks
https://github.com/dehydrated-io/dehydrated/blob/master/docs/examples/hook.sh
https://github.com/acmesh-official/acme.sh/wiki/DNS-API-Dev-Guide
"""
import os

from fakelib import Answer, Bad, Fake, route

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs")


class Api(Fake):
    info = {"programs": folder}

    def auth(self, q):
        return True

    def error(self, status, words):
        return status, words + "\n"

    def asked(self, q):
        name, value = q.form["name"], q.form["value"]
        fits = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not fits or not name.startswith("_acme-challenge."):
            raise Bad(f"{name} is none of mine", 422)
        return max(fits, key=lambda z: len(z.name)), name, value

    @route("POST", "/add")
    def put(self, q):
        zone, name, value = self.asked(q)
        if not zone.find(name, "TXT", value):
            zone.add(name, "TXT", value, 60)
        return Answer(200, b"", None)

    @route("POST", "/del")
    def take(self, q):
        zone, name, value = self.asked(q)
        for record in zone.find(name, "TXT", value):
            zone.remove(record)
        return Answer(200, b"", None)
