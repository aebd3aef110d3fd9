"""Joker.com SVC: dynamic DNS, TXT records.

https://joker.com/faq/content/6/496/en/let_s-encrypt-support.html
A POST replaces the one value of a label and type (an empty value clears it); the answer is text that begins with OK, or the trouble. What
stands at the label "@" is the zone's apex. The words of errors are not documented.
"""
from fakelib import Bad, Fake, given, route, told, WORDS


class Api(Fake):
    hosts = ("svc.joker.com",)
    creds = {"username": "kitdyndns0815", "password": "canary-joker-2Mw8xTq5"}

    auth = given("form", {"username": "username", "password": "password"}, denied="Authorization failed")

    error = told(WORDS)

    @route("POST", "/nic/replace")
    def replace(self, q):
        f = q.form
        if f["zone"] not in self.store.zones:
            raise Bad("zone not found: " + f["zone"], 404)
        zone = self.store.zones[f["zone"]]
        zone.replace(zone.absolute(f["label"]), f["type"], [f["value"]] if f["value"] else [], 60)
        return f"OK: {f['label']} replaced"
