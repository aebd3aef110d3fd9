"""DynDNSFree, ACME part.

https://www.dyndnsfree.de/user/hilfe.php
GET /acme.php with user name, password, the host, the name of the TXT record and its value, which replaces the one before. The answer is the
word success, or words about what is wrong; the status is always 200.
The words of failures are assumed.
"""
from fakelib import Fake, given, route, told, WORDS

HOST = "kit.dynup.de"


class Api(Fake):
    hosts = ("dynup.de",)
    zones = ("other.de", "up.de", "dynup.de")
    creds = {"username": "kit.dynup.de", "password": "canary-dyndnsfree-2Jx8"}

    auth = given("query", {"username": "username", "password": "password"})

    def denied(self, q):
        return "login failed"

    error = told(WORDS)

    @route("GET", "/acme.php")
    def acme(self, q):
        p = q.query
        if p["hostname"] != HOST or not p["add_hostname"].endswith("." + HOST):
            return "unknown hostname"
        self.zone("dynup.de").replace(p["add_hostname"], "TXT", [p["txt"]], 60)
        return "success"
