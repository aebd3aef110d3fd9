"""NearlyFreeSpeech.NET API, object DNS.

https://members.nearlyfreespeech.net/wiki/API/Introduction and /wiki/API/DNSMethods
X-NFSN-Authentication is login;time;salt;SHA1(login;time;salt;key;URI;SHA1(body)), the salt of 16 letters and digits and new each time. Names
are relative, "" at the apex; records have no ids and are removed by name, type and data; a record that is there already is refused. Errors
are {error, debug}.
"""
import hashlib
import re
import time

from fakelib import Answer, Bad, Fake, route, told, WORDS


class Api(Fake):
    hosts = ("api.nearlyfreespeech.net",)
    creds = {"login": "kitmember", "key": "canary0NfsnKey81c2"}

    def setup(self):
        self.salts = set()

    def auth(self, q):
        parts = (q.headers.get("X-NFSN-Authentication") or "").split(";")
        if len(parts) != 4 or not re.fullmatch("[A-Za-z0-9]{16}", parts[2]) or parts[2] in self.salts:
            return False
        login, when, salt, given = parts
        text = ";".join((login, when, salt, self.creds["key"], q.raw_path, hashlib.sha1(q.body).hexdigest()))
        return login == self.creds["login"] and abs(time.time() - int(when)) < 5 and given == hashlib.sha1(text.encode()).hexdigest()

    def denied(self, q):
        return 401, {"error": "The API request could not be authenticated.", "debug": "The X-NFSN-Authentication header is not right."}

    error = told({"error": "The API request could not be completed.", "debug": WORDS})

    @route("POST", "/dns/{zone}/listRRs")
    def list_rrs(self, q):
        zone, f = self.zone(q.args["zone"]), q.form
        name = zone.absolute(f["name"]) if f.get("name") else None
        return [{"name": zone.relative(r.name, ""), "type": r.type, "data": r.value, "ttl": str(r.ttl), "scope": "member"}
                for r in zone.find(name, f.get("type"), f.get("data"))]

    @route("POST", "/dns/{zone}/addRR")
    def add_rr(self, q):
        zone, f = self.zone(q.args["zone"]), q.form
        if zone.find(zone.absolute(f["name"]), f["type"], f["data"]):
            raise Bad("That record already exists.")
        zone.add(zone.absolute(f["name"]), f["type"], f["data"], int(f["ttl"]))
        return Answer(200, b"", "text/plain")

    @route("POST", "/dns/{zone}/removeRR")
    def remove_rr(self, q):
        zone, f = self.zone(q.args["zone"]), q.form
        found = zone.find(zone.absolute(f["name"]), f["type"], f["data"])
        if not found:
            raise Bad("no such record", 404)
        zone.remove(found[0])
        return Answer(200, b"", "text/plain")
