"""freemyip.com.

https://freemyip.com/help
GET /update with token, domain and txt: the domain's one TXT value, for all of its names, is set (an empty one removes it). The answer is OK
or ERROR, without a reason.
"""
from fakelib import Fake, query, route

DOMAIN = "kit.freemyip.com"


class Api(Fake):
    hosts = ("freemyip.com",)
    zones = ("other.com", "myip.com", "freemyip.com")
    creds = {"token": "canary9freemyip7c14e0"}
    auth = query("token", "token", denied=(200, "ERROR"))

    def error(self, status, words):
        return status, words  # of what stands before it; its own is ERROR

    @route("GET", "/update")
    def update(self, q):
        zone, asked = self.zone("freemyip.com"), q.query["domain"].lower()
        if asked != DOMAIN and not asked.endswith("." + DOMAIN):
            return "ERROR"
        value, name = q.query.get("txt"), "_acme-challenge." + DOMAIN
        if value is not None and zone.values(name) != ([value] if value else []):
            zone.replace(name, "TXT", [value] if value else [], 60)
        return "OK"
