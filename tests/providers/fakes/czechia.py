"""CZECHIA.COM API, DNS.

https://api.czechia.com/swagger/index.html
A TXT record is made and deleted by host name (relative, "@" at the apex) and text, DELETE with a JSON body; publishZone 1 publishes
the zone at once. Bodies of errors are those of ASP.NET (title, status, detail); an equal record is refused (already exists), as
acme.sh tells.
"""
from fakelib import Bad, Fake, header, route, STATUS, told, WORDS


class Api(Fake):
    hosts = ("api.czechia.com",)
    creds = {"token": "canaryczechia0d4be1f7a92c"}
    auth = header("AuthorizationToken", "token", denied="Unauthorized")
    error = told({"type": "about:blank", "title": WORDS, "status": STATUS})

    def given(self, q):
        body = q.json
        if body["publishZone"] not in (0, 1) or not isinstance(body["ttl"], int) or not body["hostName"]:
            raise Bad("One or more validation errors occurred.")
        zone = self.zone(q.args["zone"])
        return zone, zone.absolute(body["hostName"]), body["text"], body["ttl"]

    @route("POST", "/api/DNS/{zone}/TXT")
    def create(self, q):
        zone, name, text, ttl = self.given(q)
        if zone.find(name, "TXT", text):
            return self.error(400, "Record already exists")
        zone.add(name, "TXT", text, ttl)
        return {"isError": False}

    @route("DELETE", "/api/DNS/{zone}/TXT")
    def delete(self, q):
        zone, name, text, ttl = self.given(q)
        found = zone.find(name, "TXT", text)
        if not found:
            raise Bad("Record was not found", 404)
        zone.remove(found[0])
        return {"isError": False}
