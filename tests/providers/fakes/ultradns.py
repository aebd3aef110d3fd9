"""UltraDNS REST API v1.

https://docs.ultradns.com/Content/REST%20API/Content/REST%20API/REST%20API.htm
A token by grant_type=password. A set is created by POST, replaced by PUT, read by GET (in `rrSets`), removed by DELETE; zone and owner end in
a dot. Errors are lists of {errorCode, errorMessage}: 70002 no such data, 1801 no such zone, 2111 the set is there already, 60001 the token.
"""
from fakelib import Answer, Bad, Fake, public, route, session

SET = "/v1/zones/{zone}/rrsets/TXT/{name}"
CODES = {401: 60001, 403: 1802, 404: 70002, 409: 2111}


class Api(Fake):
    hosts = ("api.ultradns.com",)
    creds = {"user": "kituser", "password": "canary-ultradns-4Hq9x"}

    auth = session()

    def denied(self, q):
        return 401, {"errorCode": 60001, "errorMessage": "invalid_grant:token not found, expired or invalid"}

    def error(self, status, words):
        return status, [{"errorCode": CODES.get(status, 8001), "errorMessage": words}]

    def of(self, q):
        zone = self.store.zones.get(q.args["zone"][:-1])
        if not zone or not q.args["zone"].endswith("."):
            return None, None, (404, [{"errorCode": 1801, "errorMessage": f"Zone does not exist in the system: {q.args['zone']}"}])
        if "name" in q.args and not q.args["name"].endswith("."):
            raise Bad("the owner name must be absolute")
        return zone, q.args.get("name", "")[:-1], None

    @public
    @route("POST", "/v1/authorization/token")
    def token(self, q):
        f = q.form
        if f.get("grant_type") != "password" or (f.get("username"), f.get("password")) != (self.creds["user"], self.creds["password"]):
            return 401, {"errorCode": 60001, "errorMessage": "invalid_grant:Invalid username & password combination.",
                         "error": "invalid_grant", "error_description": "60001: invalid_grant"}
        token = "tok%dultra" % self.store.new_id()
        self.tokens.add(token)
        return {"tokenType": "Bearer", "refreshToken": "r" + token, "accessToken": token, "expiresIn": "3600"}

    @route("GET", "/v1/zones/{zone}")
    def zone_get(self, q):
        zone, _, wrong = self.of(q)
        return wrong or {"properties": {"name": zone.name + ".", "accountName": "kit", "type": "PRIMARY", "status": "ACTIVE"}}

    @route("GET", SET, absent=True)
    def get(self, q):
        zone, name, wrong = self.of(q)
        if wrong:
            return wrong
        found = zone.find(name, "TXT")
        if not found:
            return self.error(404, "Data not found.")
        return {"zoneName": zone.name + ".", "rrSets": [{"ownerName": name + ".", "rrtype": "TXT (16)", "ttl": found[0].ttl,
                "rdata": [r.value for r in found]}], "queryInfo": {"limit": 100}, "resultInfo": {"totalCount": 1, "offset": 0, "returnedCount": 1}}

    def write(self, q, status):
        zone, name, wrong = self.of(q)
        if wrong:
            return wrong
        if bool(zone.find(name, "TXT")) != (status == 200):
            return (400, [{"errorCode": 2111, "errorMessage": "Resource Record of type 16 with these attributes already exists in the system."}]) \
                if status == 201 else self.error(404, "Cannot find resource record data for the input zone, record type and owner.")
        body = q.json
        if not isinstance(body["ttl"], int) or not body["rdata"]:
            raise Bad("rdata: at least one value is wanted")
        zone.replace(name, "TXT", body["rdata"], body["ttl"])
        return status, {"message": "Successful"}

    @route("POST", SET)
    def create(self, q):
        return self.write(q, 201)

    @route("PUT", SET)
    def put(self, q):
        return self.write(q, 200)

    @route("DELETE", SET)
    def delete(self, q):
        zone, name, wrong = self.of(q)
        if wrong:
            return wrong
        if not zone.find(name, "TXT"):
            return self.error(404, "Data not found.")
        zone.replace(name, "TXT", [])
        return Answer(204, b"", None)
