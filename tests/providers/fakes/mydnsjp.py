"""MyDNS.JP, direct edit of TXT records for ACME.

https://www.mydns.jp/?MENU=030
https://github.com/disco-v8/DirectEdit
A form with CERTBOT_DOMAIN (without _acme-challenge), CERTBOT_VALIDATION and EDIT_CMD REGIST or DELETE; the answer is a page of HTML
that has `OK.` in it when it was done. Wrong credentials are 401. What pages of errors say is not documented.
"""
from fakelib import Answer, Bad, basic, Fake, route


class Api(Fake):
    hosts = ("www.mydns.jp",)
    creds = {"user": "mydns900001", "password": "canary-mydns-Uj5Ik7Ol"}
    auth = basic("user", "password")

    def denied(self, q):
        return Answer(401, "<html><body>401 Authorization Required</body></html>", "text/html")

    def page(self, words, status=200):
        return Answer(status, f"<html><head><title>MyDNS.JP</title></head><body>{words}</body></html>", "text/html")

    def error(self, status, words):
        return self.page("NG " + words, status if status in (401, 403, 409, 429, 500) else 200)

    @route("POST", "/directedit.html")
    def edit(self, q):
        p = q.form
        name = "_acme-challenge." + p["CERTBOT_DOMAIN"].lower()
        zones = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not zones or p["EDIT_CMD"] not in ("REGIST", "DELETE"):
            raise Bad("domain or command")
        zone = max(zones, key=lambda z: len(z.name))
        found = zone.find(name, "TXT", p["CERTBOT_VALIDATION"])
        if p["EDIT_CMD"] == "REGIST" and not found:
            zone.add(name, "TXT", p["CERTBOT_VALIDATION"], 60)
        if p["EDIT_CMD"] == "DELETE":
            for r in found:
                zone.remove(r)
        return self.page("Direct Edit OK.")
