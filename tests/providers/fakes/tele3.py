"""Tele3 ACME API.

https://www.tele3.cz/system-acme-api.html
One path; JSON with key, secret, ope (add or rm), domain (absolute) and value; the answer is the word success, or the trouble in words. That a
value is there once is assumed. What an error looks like is not documented: status 400 and words here.
"""
from fakelib import Bad, Fake, given, route, told, WORDS


class Api(Fake):
    hosts = ("www.tele3.cz",)
    creds = {"key": "kittele3key01", "secret": "canary-tele3-6mWq0Zx"}

    auth = given("json", {"key": "key", "secret": "secret"})

    error = told(WORDS)

    @route("POST", "/acme/")
    def post(self, q):
        body = q.json
        name = body["domain"].lower()
        zones = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not zones:
            raise Bad(f"domain {name} not found", 404)
        zone = max(zones, key=lambda z: len(z.name))
        found = zone.find(name, "TXT", body["value"])
        if body["ope"] == "add" and not found:
            zone.add(name, "TXT", body["value"], 120)
        for r in found if body["ope"] == "rm" else ():
            zone.remove(r)
        return "success"
