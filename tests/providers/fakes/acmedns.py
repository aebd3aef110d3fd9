"""acme-dns 1.0: an account per name, two TXT places each, the older one is overwritten; nothing is ever deleted.

https://github.com/joohoi/acme-dns#register-endpoint  https://github.com/joohoi/acme-dns#update-endpoint
Errors as its source has them (api.go, auth.go; credentials are judged before the value): 400 bad_txt, bad_subdomain, malformed_json_payload, 401 forbidden, 500 db_error.
"""
import json
import re

from fakelib import Fake, public, route, told, WORDS

AUTH = "auth.example.test"
SUB = "8e5700ea-a4bf-41c7-8a77-e990661dcc6a"


class Api(Fake):
    hosts = ("auth.example.test",)
    zones = ("other.test", "ample.test", AUTH)
    account = {"allowfrom": [], "fulldomain": f"{SUB}.{AUTH}", "password": "htB9mR9DYgcu9bX_afHF62erXaH2TS7bg9KW3F7Z",
               "subdomain": SUB, "username": "c36f50e8-4632-44f0-83fe-e070fef28a10"}
    creds = {"account": json.dumps(account), "accounts": json.dumps({"www.example.test": account}),
             "wrong": json.dumps({**account, "password": "htB9mR9DYgcu9bX_afHF62erXaH2TS7bg9KW3Fxx"})}

    def auth(self, q):
        return q.headers.get("X-Api-User") == self.account["username"] and \
            q.headers.get("X-Api-Key") == self.account["password"]

    def denied(self, q):
        return 401, {"error": "forbidden"}

    error = told({"error": WORDS})

    @route("POST", "/register")
    @public
    def register(self, q):
        return 201, self.account

    @route("POST", "/update")
    def update(self, q):
        body = q.json
        if body["subdomain"] != self.account["subdomain"]:
            return 401, {"error": "forbidden"}
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}", body["txt"]):
            return 400, {"error": "bad_txt"}
        zone = self.zone(AUTH)
        name = self.account["fulldomain"]
        there = zone.find(name, "TXT")
        if len(there) >= 2:
            zone.remove(there[0])
        if body["txt"] not in zone.values(name):  # the same value in both places is one record in DNS
            zone.add(name, "TXT", body["txt"], 1)
        return {"txt": body["txt"]}
