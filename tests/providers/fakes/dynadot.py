"""Dynadot RESTful API v2.

https://www.dynadot.com/domain/api-document?api-version=2.0.0
Bearer key and X-Signature: base64 of HMAC-SHA256 over key, path, X-Request-ID (may be empty) and body, joined by line feeds.
Records are put in by POST with add_dns_to_current_setting true (false replaces everything) and taken out by DELETE with a body. The
answer is {code, message, error: {description}}. An equal record is stored once; deletion of an absent one succeeds.
"""
import base64
import hashlib
import hmac

from fakelib import Bad, Fake, route, STATUS, told, WORDS


class Api(Fake):
    hosts = ("api.dynadot.com",)
    creds = {"key": "canaryDynadotKey7Zr0", "secret": "canaryDynadotSecret4Vb9"}

    def auth(self, q):
        text = "\n".join((self.creds["key"], q.raw_path + ("?" + q.raw_query if q.raw_query else ""),
                          q.headers.get("X-Request-ID") or "", q.body.decode()))
        want = base64.b64encode(hmac.new(self.creds["secret"].encode(), text.encode(), hashlib.sha256).digest()).decode()
        return q.bearer == self.creds["key"] and q.headers.get("X-Signature") == want

    def denied(self, q):
        return self.error(401, "Invalid signature")

    error = told({"code": STATUS, "message": "Failed", "error": {"description": WORDS}})

    def given(self, q):
        zone = self.zone(q.args["zone"])
        for r in q.json["sub_list"]:
            if set(r) - {"sub_host", "record_type", "record_value1", "record_value2"}:
                raise Bad("sub_list: unknown member")
            yield zone, zone.absolute(r["sub_host"]), r["record_type"].upper(), r["record_value1"]

    @route("POST", "/restful/v2/domains/{zone}/records")
    def add(self, q):
        records = list(self.given(q))
        if not isinstance(q.json["ttl"], int):
            raise Bad("ttl is not a number")
        if q.json.get("add_dns_to_current_setting") is not True:
            self.zone(q.args["zone"]).records = []
        for zone, name, type, value in records:
            if not zone.find(name, type, value):
                zone.add(name, type, value, q.json["ttl"])
        return {"code": 200, "message": "Success"}

    @route("DELETE", "/restful/v2/domains/{zone}/records")
    def remove(self, q):
        for zone, name, type, value in list(self.given(q)):
            for r in zone.find(name, type, value):
                zone.remove(r)
        return {"code": 200, "message": "Success"}
