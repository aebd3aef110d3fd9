"""DDNSS.

https://ddnss.de/info.php
GET /upd.php with key, host and txtm: 1 sets the host's one TXT value (for all names below it), 2 removes it. The answer is a page of HTML
which says "Updated 1 hostname." when it was done; the status is always 200.
The words of failures are assumed.
"""
from fakelib import Answer, Fake, query, route

HOST = "kit.ddnss.de"


class Api(Fake):
    hosts = ("ddnss.de",)
    zones = ("other.de", "nss.de", "ddnss.de")
    creds = {"key": "c4n4ry0ddnss81f2a6b7d3e9"}

    def page_of(self, words):
        return Answer(200, f"<html><head><title>DDNSS</title></head><body><b>{words}</b></body></html>", "text/html")

    auth = query("key", "key")

    def denied(self, q):
        return self.page_of("badauth: key is wrong")

    def error(self, status, words):
        return status, words  # of what stands before it; its own is a page

    @route("GET", "/upd.php")
    def update(self, q):
        p = q.query
        if p["host"] != HOST or p["txtm"] not in ("1", "2"):
            return self.page_of("notfqdn: Updated 0 hostnames.")
        self.zone("ddnss.de").replace("_acme-challenge." + HOST, "TXT", [p["txt"]] if p["txtm"] == "1" else [], 60)
        return self.page_of("Updated 1 hostname.")
