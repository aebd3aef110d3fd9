"""Dyn Managed DNS REST API.

https://help.dyn.com/rest/ (sessions, create-txt-record-api, get-txt-record-api, delete-txt-records-api, update-zone-api)
A session has a token; names are absolute; the TTL may be text; changes are published by PUT Zone. Answers are {status, data, job_id, msgs};
a name without TXT records is 404 NOT_FOUND, a zone that is not there too.
"""
from fakelib import Bad, Published, public, route, session

CODES = {401: "INVALID_DATA", 404: "NOT_FOUND", 409: "BLOCKED", 429: "RATE_LIMIT_EXCEEDED"}
NAME = "/REST/TXTRecord/{zone}/{name}/"


class Api(Published):
    hosts = ("api.dynect.net",)
    creds = {"customer": "kitcustomer", "username": "kitapi", "password": "canary-dyn-5Tn8xWq2"}

    auth = session("Auth-Token", denied="auth_token: there was no active session")

    def error(self, status, words):
        return status, {"status": "failure", "data": {}, "job_id": 1, "msgs": [
            {"INFO": words, "SOURCE": "BLL", "ERR_CD": CODES.get(status, "INVALID_DATA"), "LVL": "ERROR"}]}

    def ok(self, data):
        return {"status": "success", "data": data, "job_id": 1, "msgs": [{"INFO": "done", "SOURCE": "BLL", "ERR_CD": None, "LVL": "INFO"}]}

    def shown(self, zone, r):
        return {"zone": zone.name, "ttl": r.ttl, "fqdn": r.name, "record_type": r.type, "rdata": {"txtdata": r.value}, "record_id": r.id}

    @public
    @route("POST", "/REST/Session/")
    def login(self, q):
        b = q.json
        if (b["customer_name"], b["user_name"], b["password"]) != tuple(self.creds.values()):
            return self.error(400, "login: Credentials you entered did not match those in our database. Please try again")
        token = "tok%d==" % self.store.new_id()
        self.tokens.add(token)
        return self.ok({"token": token, "version": "3.7.16"})

    @route("DELETE", "/REST/Session/")
    def logout(self, q):
        self.tokens.discard(q.headers["Auth-Token"])
        return self.ok({})

    @route("GET", "/REST/Zone/{zone}/")
    def details(self, q):
        zone = self.zone(q.args["zone"])
        return self.ok({"zone": zone.name, "serial": 1, "serial_style": "increment", "zone_type": "Primary"})

    @route("PUT", "/REST/Zone/{zone}/")
    def publish(self, q):
        self.zone(q.args["zone"])
        if q.json.get("publish") is not True:
            raise Bad("publish: must be true")
        self.committed()
        return self.ok({"zone": q.args["zone"], "serial": 2})

    @route("GET", NAME, absent=True)
    def records(self, q):
        zone = self.zone(q.args["zone"])
        found = zone.find(q.args["name"], "TXT")
        if not found:
            raise Bad("node: Node is not in the zone", 404)
        if q.query.get("detail") != "Y":
            return self.ok([f"/REST/TXTRecord/{zone.name}/{r.name}/{r.id}" for r in found])
        return self.ok([self.shown(zone, r) for r in found])

    @route("POST", NAME)
    def create(self, q):
        zone, b = self.zone(q.args["zone"]), q.json
        if zone.find(q.args["name"], "TXT", b["rdata"]["txtdata"]):
            status, body = self.error(400, "rdata: Duplicate record")
            body["msgs"][0]["ERR_CD"] = "TARGET_EXISTS"
            return status, body
        return self.ok(self.shown(zone, zone.add(q.args["name"], "TXT", b["rdata"]["txtdata"], int(b["ttl"]))))

    @route("DELETE", NAME + "{id}/")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return self.ok({})
