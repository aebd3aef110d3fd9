"""do.de, TXT records for Let's Encrypt.

https://www.do.de/wiki/freie-ssl-tls-zertifikate-ueber-acme/
GET with token, domain (the absolute name) and value, or action=delete; the answer is {domain, success}. A name has one value: a new
one takes the place of the old. The bodies of errors are not known here: {success: false, error}.
"""
from fakelib import Bad, Fake, query, route


class Api(Fake):
    hosts = ("my.do.de",)
    creds = {"token": "canarydode4c9a1e7f20b8"}
    auth = query("token", "token", denied=(400, "invalid token"))

    def error(self, status, words):
        return status if status in (401, 403, 409, 429, 500) else 200, {"success": False, "error": words}

    @route("GET", "/api/letsencrypt")
    def update(self, q):
        name = q.query["domain"].lower()
        zones = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not zones:
            raise Bad("unknown domain")
        zone = max(zones, key=lambda z: len(z.name))
        if q.query.get("action") == "delete":
            zone.replace(name, "TXT", [])
        else:
            zone.replace(name, "TXT", [q.query["value"]], 60)
        return {"domain": name, "success": True}
