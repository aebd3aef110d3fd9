"""BlueCat Address Manager, RESTful v2 API.

https://docs.bluecatnetworks.com/r/Address-Manager-RESTful-v2-API-Guide
POST /sessions answers basicAuthenticationCredentials for the header Authorization; collections are {count, data} with filter, limit and
offset; records are published by a QuickDeployment of their zone; a DELETE answers 204. Errors are {status, reason, code, message}.
"""
import base64
import re

from fakelib import Answer, Bad, Published, public, route, told, STATUS, WORDS

V2 = "/api/v2"


class Api(Published):
    creds = {"username": "kitapi", "password": "canary-bluecat-Zt0q7Wm1", "config": "kit config", "view": "kit view"}

    def setup(self):
        super().setup()
        self.sessions = set()

    def auth(self, q):
        return (q.headers.get("Authorization") or "").replace("Basic ", "", 1) in self.sessions

    def denied(self, q):
        return 401, {"status": 401, "reason": "Unauthorized", "code": "InvalidAuthorizationToken", "message": "The authorization token is invalid"}

    error = told({"status": STATUS, "reason": "Error", "code": "Error", "message": WORDS})

    @route("POST", V2 + "/sessions")
    @public
    def login(self, q):
        if (q.json["username"], q.json["password"]) != (self.creds["username"], self.creds["password"]):
            return 401, {"status": 401, "reason": "Unauthorized", "code": "InvalidCredentials", "message": "Invalid username or password"}
        token = base64.b64encode(f"kitapi:{self.count}".encode()).decode()
        self.sessions.add(token)
        return 201, {"id": self.count, "type": "UserSession", "apiToken": f"t{self.count}", "basicAuthenticationCredentials": token,
                     "state": "LOGGED_IN"}

    @route("PATCH", V2 + "/sessions/current")
    def logout(self, q):
        if q.headers.get("Content-Type") != "application/merge-patch+json" or q.json != {"state": "LOGGED_OUT"}:
            raise Bad("a merge patch is wanted", 415)
        self.sessions.discard(q.headers["Authorization"][6:])
        return {"state": "LOGGED_OUT"}

    def wanted(self, q):
        """The filter as a map; only eq joined by and."""
        found = {}
        for part in q.query["filter"].split(" and "):
            match = re.fullmatch(r"([\w.]+):eq\('([^']*)'\)", part)
            if not match:
                raise Bad(f"the filter is malformed: {part}")
            found[match.group(1)] = match.group(2)
        return found

    def listed(self, q, items):
        at = int(q.query.get("offset", 0))
        part = items[at:at + self.page_size(q.query.get("limit", 10))]
        return {"count": len(part), "data": part}

    @route("GET", V2 + "/zones")
    def zones_list(self, q):
        w = self.wanted(q)
        mine = (w.get("configuration.name"), w.get("view.name")) == (self.creds["config"], self.creds["view"])
        return self.listed(q, [{"id": z.id, "type": "Zone", "absoluteName": z.name} for z in self.store.zones.values()
                               if mine and z.name == w.get("absoluteName", z.name)])

    def shown(self, zone, r):
        return {"id": r.id, "type": r.type + "Record", "name": zone.relative(r.name, ""), "absoluteName": r.name, "ttl": r.ttl, "dynamic": False,
                "comment": None, "recordType": r.type, "text": r.value}

    @route("GET", V2 + "/zones/{id}/resourceRecords")
    def records(self, q):
        zone, w = self.zone_by_id(q.args["id"]), self.wanted(q)
        return self.listed(q, [s for s in (self.shown(zone, r) for r in zone.records) if all(s.get(k) == v for k, v in w.items())])

    @route("POST", V2 + "/zones/{id}/resourceRecords")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if body["type"] != "TXTRecord" or not isinstance(body["ttl"], int):
            raise Bad("malformed record")
        return 201, self.shown(zone, zone.add(zone.absolute(body["name"]), "TXT", body["text"], body["ttl"]))

    @route("DELETE", V2 + "/resourceRecords/{id}")
    def delete(self, q):
        zone, record = self.record_anywhere(q.args["id"])
        zone.remove(record)
        return Answer(204, b"", None)

    @route("POST", V2 + "/zones/{id}/deployments")
    def deploy(self, q):
        self.zone_by_id(q.args["id"])
        if q.json.get("type") != "QuickDeployment":
            raise Bad("unknown type of deployment")
        self.committed()
        return 201, {"id": self.count, "type": "QuickDeployment", "state": "PENDING"}
