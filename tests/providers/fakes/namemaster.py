"""NameMaster API, ACME part.

https://namemaster.de/api/ (no public reference: calls and answers are those of acme.sh's dns_nm)
GET api.php: getzone answers with the name of the zone or "hostname not found"; Auto puts a value that ends by itself and answers with a
line that holds Success. The status is always 200. One value at a name is assumed.
"""
from fakelib import Fake, given, route


class Api(Fake):
    hosts = ("namemaster.de",)
    creds = {"user": "kit-nm", "password": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}

    auth = given("query", {"User": "user", "Password": "password"})

    def denied(self, q):
        return "Error;login failed"

    def error(self, status, words):
        return status, "Error;" + words

    @route("GET", "/api/api.php")
    def api(self, q):
        p = q.query
        if p["Typ"].lower() != "acme" or p["Antwort"] != "csv":
            return "Error;unknown Typ"
        if p["Action"] == "getzone":
            names = [n for n in self.store.zones if ("." + p["hostname"]).endswith("." + n)]
            return max(names, key=len) + "\n" if names else "hostname not found"
        zone = self.zone(p["zone"])
        if int(p["Lifetime"]) < 1:
            return "Error;Lifetime"
        zone.replace(p["hostname"], "TXT", [p["TXT"]], 60)
        return "Success;TXT added"
