"""Metaregistrar Meta API.

https://metaregistrar.dev/docu/metaapi/
The token is in the header `token`. PATCH of a zone adds and removes records by name (absolute), type and content; content of TXT may be bare
when it is added and is stored in quotes, which it must have to be removed. That an equal record is not added again
is assumed. Errors: {status: error,
errorCode, errorMessage}, a wrong token {error, message}.
"""
from fakelib import Bad, Fake, header, loose, route, unquote


class Api(Fake):
    hosts = ("api.metaregistrar.com",)
    creds = {"token": "canary-metaregistrar-f83fda53ae37"}
    auth = header("token", "token")

    def denied(self, q):
        return 401, {"error": "invalid_token", "message": "the supplied token is invalid"}

    def error(self, status, words):
        return status, {"responseId": "1_0a407cb0634a", "status": "error",
                        "errorCode": {404: "does_not_exist", 422: "quota_exceeded"}.get(status, "invalid_request"), "errorMessage": words}

    @route("PATCH", "/dnszone/{zone}")
    def patch(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        for r in body.get("add", []):
            if not isinstance(r["ttl"], int):
                raise Bad("ttl is not a number")
            if not zone.find(r["name"], r["type"], loose(r["content"])):
                zone.add(r["name"], r["type"], loose(r["content"]), r["ttl"])
        for r in body.get("rem", []):
            for record in zone.find(r["name"], r["type"], unquote(r["content"])):
                zone.remove(record)
        return {"responseId": "mapi1_cb46ad8790b6", "status": "ok", "message": "Command completed successfully"}
