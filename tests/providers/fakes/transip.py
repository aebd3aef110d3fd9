"""TransIP REST API v6.

https://api.transip.nl/rest/docs.html#header-authentication     the login's body, signed by RSA-SHA512; nonces once
https://api.transip.nl/rest/docs.html#domains-dns               entries: list, add one, remove one by all its members
Names are relative, "@" at the apex; TXT content is bare; errors are {"error": words}.
"""
import base64

import rsa
from fakelib import Answer, Bad, Fake, public, route, session, told, WORDS


class Api(Fake):
    hosts = ("api.transip.nl",)
    key, public_key = rsa.make()
    creds = {"key": key, "other_key": rsa.make()[0], "account": "canaryuser"}

    def setup(self):
        self.tokens, self.nonces = set(), set()

    auth = session()

    def denied(self, q):
        return 401, {"error": "Your access token is invalid"}

    error = told({"error": WORDS})

    def quota(self, words):
        return 406, {"error": words}

    @route("POST", "/v6/auth")
    @public
    def login(self, q):
        body = q.json
        if not 6 <= len(body["nonce"]) <= 32 or body["nonce"] in self.nonces:
            return self.error(400, "The nonce is not right or was used before")
        if body["login"] != self.creds["account"] or body["global_key"] is not True or body["read_only"] is not False:
            return self.error(401, "Invalid login")
        if body["expiration_time"] != "30 minutes" or not body["label"]:
            return self.error(400, "The expiration time or the label is not right")
        if not rsa.verified(self.public_key, q.body, base64.b64decode(q.headers.get("Signature") or ""), "sha512"):
            return self.error(401, "Invalid signature")
        self.nonces.add(body["nonce"])
        token = f"canary.token-{len(self.tokens)}.{id(self):x}"
        self.tokens.add(token)
        return 201, {"token": token}

    def shown(self, zone, r):
        return {"name": zone.relative(r.name), "expire": r.ttl, "type": r.type, "content": r.value}

    @route("GET", "/v6/domains/{zone}/dns")
    def entries(self, q):
        zone = self.zone(q.args["zone"])
        return {"dnsEntries": [self.shown(zone, r) for r in zone.records],
                "_links": [{"rel": "self", "link": f"https://api.transip.nl/v6/domains/{zone.name}/dns"}]}

    def entry(self, q):
        entry = q.json["dnsEntry"]
        if type(entry["expire"]) is not int or entry["expire"] < 60 or entry["type"] not in ("A", "TXT", "CNAME", "MX"):
            raise Bad("expire or type is not right", 406)
        return entry

    @route("POST", "/v6/domains/{zone}/dns")
    def create(self, q):
        zone, entry = self.zone(q.args["zone"]), self.entry(q)
        zone.add(zone.absolute(entry["name"]), entry["type"], entry["content"], entry["expire"])
        return Answer(201, b"", None)

    @route("DELETE", "/v6/domains/{zone}/dns")
    def delete(self, q):
        zone, entry = self.zone(q.args["zone"]), self.entry(q)
        for r in zone.find(zone.absolute(entry["name"]), entry["type"], entry["content"]):
            if r.ttl == entry["expire"]:
                zone.remove(r)
                return None
        return self.error(404, "Dns entry not found")
