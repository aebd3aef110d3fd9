"""webnames.ru (Regtime), the zone manager by JSON.

https://github.com/regtime-ltd/certbot-dns-webnames
One form: apikey, domain, type, record = "HOST:VALUE", action = add or delete; answers are 200 with {result: OK, details} or
{result: ERROR, details: words}. The words are hardly documented; that adding a record which is there and deleting one which is not do
nothing is assumed.
"""
from fakelib import Fake, given, route, told, WORDS


class Api(Fake):
    hosts = ("www.webnames.ru",)
    creds = {"key": "canarywebnames5Zq0Tx81"}

    auth = given("form", {"apikey": "key"})

    def denied(self, q):
        return {"result": "ERROR", "details": "wrong_apikey"}

    error = told({"result": "ERROR", "details": WORDS})

    @route("POST", "/scripts/json_domain_zone_manager.pl")
    def manage(self, q):
        p = q.form
        zone = self.store.zones.get(p["domain"])
        if not zone or p["action"] not in ("add", "delete"):
            return {"result": "ERROR", "details": "zone_manager_unavailable"}
        host, _, value = p["record"].partition(":")
        name = zone.absolute(host)
        found = zone.find(name, p["type"], value)
        if p["action"] == "add" and not found:
            zone.add(name, p["type"], value, 3600)
        for r in found if p["action"] == "delete" else ():
            zone.remove(r)
        return {"result": "OK", "details": 1}
