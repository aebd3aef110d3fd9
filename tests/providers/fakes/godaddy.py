"""GoDaddy Domains API v1.

https://developer.godaddy.com/doc/endpoint/domains
The records of a type and a name are read and replaced as a list; "@" is the apex; a name without records is an empty list, a domain
that is not in the account is 404; TTL 600 at least; equal records and an empty list are refused with 422.
"""
from fakelib import Answer, Bad, Fake, route

SET = "/v1/domains/{zone}/records/{type}/{name}"
FIELDS = {"data", "name", "ttl", "type", "port", "priority", "protocol", "service", "weight"}


class Api(Fake):
    hosts = ("api.godaddy.com",)
    creds = {"key": "canary-godaddy-dKYxq81Zp", "secret": "canary-godaddy-S7f2mVw0"}
    codes = {401: "UNABLE_TO_AUTHENTICATE", 403: "ACCESS_DENIED", 404: "UNKNOWN_DOMAIN", 409: "INVALID_VALUE_ENUM", 422: "INVALID_BODY",
             429: "TOO_MANY_REQUESTS", 500: "ERROR_INTERNAL"}

    def auth(self, q):
        return q.headers.get("Authorization") == f"sso-key {self.creds['key']}:{self.creds['secret']}"

    def denied(self, q):
        return self.error(401, "Unauthorized : Could not authenticate")

    def error(self, status, words):
        return status, {"code": self.codes.get(status, "INVALID_BODY"), "message": words}

    @route("GET", SET)
    def get(self, q):
        zone = self.zone(q.args["zone"])
        name = zone.absolute(q.args["name"])
        return [{"data": r.value, "name": zone.relative(name), "ttl": r.ttl, "type": r.type} for r in zone.find(name, q.args["type"])]

    @route("PUT", SET)
    def put(self, q):
        zone, records = self.zone(q.args["zone"]), q.json
        if not isinstance(records, list) or not records:
            return self.error(422, "Request body doesn't fulfill schema: an array of at least one record is wanted")
        values = []
        for r in records:
            if set(r) - FIELDS or not isinstance(r["data"], str):
                return self.error(422, "Request body doesn't fulfill schema, see details in `fields`")
            if not isinstance(r.get("ttl", 3600), int) or r.get("ttl", 3600) < 600 and r["data"] not in zone.values(zone.absolute(q.args["name"])):
                return self.error(422, "ttl must be at least 600")
            values.append(r["data"])
        if len(set(values)) != len(values):
            raise Bad("Another record with the same attributes already exists", 422)
        zone.replace(zone.absolute(q.args["name"]), q.args["type"], values, max(r.get("ttl", 3600) for r in records))
        return Answer(200, b"", None)

    @route("DELETE", SET)
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        name = zone.absolute(q.args["name"])
        if not zone.find(name, q.args["type"]):
            raise Bad("The domain has no such records", 404)
        zone.replace(name, q.args["type"], [])
