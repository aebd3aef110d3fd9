"""Akamai Edge DNS, config-dns v2.

https://techdocs.akamai.com/edge-dns/reference/api
Record sets by zone, name and type; rdata holds TXT values in quotes. POST makes a set that is not there (409 else), PUT replaces one
that is. Errors are problem documents. A zone's activationState is PENDING after a change; here it is ACTIVE when asked the second time.
"""
import signed
from fakelib import Bad, Fake, answer_of, quote, route, unquote

SET = "/config-dns/v2/zones/{zone}/names/{name}/types/{type}"
TITLES = {400: "Bad Request", 401: "Not Authorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 422: "Unprocessable Entity",
          429: "Too Many Requests", 500: "Internal Server Error"}


class Api(Fake):
    hosts = ("akab-example.luna.akamaiapis.net",)
    creds = {"client": "akab-canaryclient-0a1b2c3d4e", "secret": "canaryEdgeSecretXxYyZz0123456789AAAA=", "access": "akab-canaryaccess-9z8y7x6w"}

    def setup(self):
        self.pending = {}

    def auth(self, q):
        return signed.edgegrid(q, self.creds["client"], self.creds["secret"], self.creds["access"])

    def error(self, status, words):
        answer = answer_of((status, {"type": "https://problems.luna.akamaiapis.net/authoritative-dns/x", "title": TITLES.get(status, "Error"),
                                     "detail": words, "status": status, "instance": "x"}))
        answer.type = "application/problem+json"
        return answer

    @route("GET", "/config-dns/v2/zones/{zone}")
    def zone_get(self, q):
        zone = self.zone(q.args["zone"])
        left = self.pending.get(zone.name, 0)
        self.pending[zone.name] = max(0, left - 1)
        return {"zone": zone.name, "type": "PRIMARY", "activationState": "PENDING" if left else "ACTIVE", "contractId": "C-1", "versionId": "v"}

    def shown(self, zone, name, type):
        found = zone.find(name, type)
        return {"name": name, "type": type, "ttl": found[0].ttl, "rdata": [quote(r.value) if type == "TXT" else r.value for r in found]}

    @route("GET", SET, absent=True)
    def get(self, q):
        zone = self.zone(q.args["zone"])
        if not zone.find(q.args["name"], q.args["type"]):
            raise Bad("Couldn't find resource: record set", 404)
        return self.shown(zone, q.args["name"], q.args["type"])

    def put_set(self, q, there):
        zone, body, name, type = self.zone(q.args["zone"]), q.json, q.args["name"], q.args["type"]
        if bool(zone.find(name, type)) != there:
            raise Bad("record set", 404 if there else 409)
        if (body["name"], body["type"]) != (name, type) or not isinstance(body["ttl"], int) or body["ttl"] < 30 or not body["rdata"]:
            raise Bad("name, type, ttl or rdata")
        zone.replace(name, type, [unquote(v) if type == "TXT" else v for v in body["rdata"]], body["ttl"])
        self.pending[zone.name] = 1
        return self.shown(zone, name, type)

    @route("POST", SET)
    def post(self, q):
        return 201, self.put_set(q, False)

    @route("PUT", SET)
    def put(self, q):
        return self.put_set(q, True)

    @route("DELETE", SET)
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        if not zone.find(q.args["name"], q.args["type"]):
            raise Bad("record set", 404)
        zone.replace(q.args["name"], q.args["type"], [])
        self.pending[zone.name] = 1
