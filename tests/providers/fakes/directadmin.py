"""DirectAdmin, the command CMD_API_DNS_CONTROL (here with json=yes).

https://docs.directadmin.com/changelog/version-1.24.2.html
https://docs.directadmin.com/developer/api/legacy-api.html
GET shows the zone; action=add adds a record; action=select with txtrecs0 (a form within the form: name and value as listed, quotes
and all) removes records. Names are relative, the apex is the domain with a final dot. Errors are 200 or 500 with {error, result};
which JSON stands around the records is from programs that read it, not from the documentation.
"""
import urllib.parse

from fakelib import answer_of, Bad, Fake, loose, quote, route, told, WORDS

PATH = "/CMD_API_DNS_CONTROL"


class Api(Fake):
    creds = {"username": "kituser", "password": "canary-directadmin-hT5x0Vq9"}

    def auth(self, q):
        return q.basic == (self.creds["username"], self.creds["password"]) and q.query.get("json") == "yes"

    error = told({"error": "Unable to do that", "result": WORDS})

    def zone(self, name):
        try:
            return super().zone(name)
        except Bad:
            raise Denied("You do not own that domain")

    def run(self, q):
        try:
            return super().run(q)
        except Denied as e:
            return answer_of((200, {"error": "Cannot View Dns Record", "result": str(e)}))

    @route("GET", PATH)
    def show(self, q):
        zone = self.zone(q.query["domain"])
        value = lambda r: quote(r.value) if r.type == "TXT" else r.value  # noqa: E731
        name = lambda r: zone.relative(r.name, zone.name + ".")  # noqa: E731
        return {"records": [{"name": name(r), "type": r.type, "value": value(r), "ttl": str(r.ttl),
                             "combined": urllib.parse.urlencode({"name": name(r), "value": value(r)})} for r in zone.records]}

    @route("POST", PATH)
    def change(self, q):
        zone, p = self.zone(q.query["domain"]), q.form
        if p["action"] == "add":
            name, value = zone.absolute(p["name"]), loose(p["value"]) if p["type"] == "TXT" else p["value"]
            if zone.find(name, p["type"], value):
                return self.error(500, "That record already exists")
            zone.add(name, p["type"], value, int(p.get("ttl") or 14400))
            return {"success": "Record Added", "result": ""}
        if p["action"] != "select":
            return self.error(500, "Unknown action")
        wanted = dict(urllib.parse.parse_qsl(p["txtrecs0"], keep_blank_values=True))
        for r in zone.find(zone.absolute(wanted["name"]), "TXT"):
            if quote(r.value) == wanted["value"]:
                zone.remove(r)
        return {"success": "Records Deleted", "result": ""}


class Denied(Exception):
    pass
