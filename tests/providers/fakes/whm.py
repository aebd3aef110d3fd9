"""WHM API 1, the DNS functions that UAPI's module DNS has, too.

https://api.docs.cpanel.net/openapi/whm/operation/parse_dns_zone/
https://api.docs.cpanel.net/openapi/whm/operation/mass_edit_dns_zone/
As in cpanel.py, but what is asked for is in data.payload and success is metadata.result 1, failure 0 with metadata.reason.
"""
import cpanel
from fakelib import route


class Api(cpanel.Api):
    creds = {"username": "kitreseller", "token": "CANARYWHMT7V2XQ9LZ40PB3RD"}

    def auth(self, q):
        return q.headers.get("Authorization") == f"whm {self.creds['username']}:{self.creds['token']}" and q.query.get("api.version") == "1"

    def denied(self, q):
        return 403, {"cpanelresult": {"apiversion": "2", "error": "Access denied", "data": {"reason": "Access denied", "result": "0"}}}

    def error(self, status, words):
        return status, {"data": None, "metadata": {"command": "kit", "reason": words, "result": 0, "version": 1}}

    def done(self, data):
        return {"data": data, "metadata": {"command": "kit", "reason": "OK", "result": 1, "version": 1}}

    @route("GET", "/json-api/parse_dns_zone")
    def whm_parse(self, q):
        return self.done({"payload": list(self.lines(self.zone(q.query["zone"])))})

    @route("GET", "/json-api/mass_edit_dns_zone")
    def whm_edit(self, q):
        return self.edit(q)
