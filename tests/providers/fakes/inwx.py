"""INWX DomRobot, JSON-RPC.

https://www.inwx.de/en/help/apidoc
All calls are POST of {method, params} to one URL; account.login sets the cookie `domrobot`; HTTP status is 200, code tells: 1000
done, 1500 logged out, 2003 parameter missing, 2005 value wrong, 2200 not authenticated, 2302 exists, 2303 does not exist, 2400
failed, 2502 limit. Without matching records resData has no member `record`. Names are absolute without final dot; TTL 300 at least.
"""
from fakelib import Bad, Fake, answer_of, public, route

CODES = {401: 2200, 403: 2201, 404: 2303, 409: 2400, 422: 2005, 429: 2502, 500: 2400, 400: 2005}
WORDS = {2200: "Authentication error", 2303: "Object does not exist", 2302: "Object exists", 2005: "Parameter value syntax error"}


class Api(Fake):
    hosts = ("api.domrobot.com",)
    creds = {"user": "kit-inwx", "password": "canary-inwx-Zr4!vN81q"}

    def setup(self):
        self.sessions = set()

    def error(self, status, words):
        code = CODES.get(status, 2400)
        return status if status in (429, 500) else 200, {"code": code, "msg": WORDS.get(code, "Command failed"), "reasonCode": "X",
                                                         "reason": words}

    def cookie(self, q):
        return (q.headers.get("Cookie") or "").partition("domrobot=")[2].partition(";")[0]

    @public
    @route("POST", "/jsonrpc/")
    def call(self, q):
        method, p = q.json["method"], q.json.get("params", {})
        if method == "account.login":
            if (p["user"], p["pass"]) != (self.creds["user"], self.creds["password"]):
                return self.error(401, "user or password is wrong")
            session = "s%032x" % (len(self.sessions) + 77)
            self.sessions.add(session)
            answer = answer_of({"code": 1000, "msg": "Command completed successfully",
                                "resData": {"customerId": 1, "accountId": 2, "tfa": "0"}})
            answer.headers["Set-Cookie"] = f"domrobot={session}; path=/; secure; HttpOnly"
            return answer
        if self.cookie(q) not in self.sessions:
            return self.error(401, "no session")
        return getattr(self, "do_" + method.replace(".", "_"))(q, p)

    def done(self, data=None, code=1000):
        return {"code": code, "msg": "Command completed successfully", **({"resData": data} if data is not None else {}),
                "svTRID": "x", "runtime": 0.1}

    def do_account_logout(self, q, p):
        self.sessions.discard(self.cookie(q))
        return self.done(code=1500)

    def do_nameserver_info(self, q, p):
        zone = self.zone(p["domain"])
        found = [r for r in zone.records if p.get("name", r.name) == r.name and p.get("type", r.type) == r.type]
        data = {"roId": zone.id, "domain": zone.name, "type": "MASTER", "count": len(found)}
        if found:
            data["record"] = [{"id": r.id, "name": r.name, "type": r.type, "content": r.value, "ttl": r.ttl, "prio": 0} for r in found]
        return self.done(data)

    def do_nameserver_createRecord(self, q, p):
        zone = self.zone(p["domain"])
        name = p.get("name", "").lower()
        if name != zone.name and not name.endswith("." + zone.name):
            name = zone.absolute(name)
        if not isinstance(p.get("ttl", 3600), int) or p.get("ttl", 3600) < 300:
            raise Bad("ttl is too low")
        if zone.find(name, p["type"], p["content"]):
            raise Bad("record exists", 409)
        return self.done({"id": zone.add(name, p["type"], p["content"], p.get("ttl", 3600)).id})

    def do_nameserver_deleteRecord(self, q, p):
        if not isinstance(p["id"], int):
            raise Bad("id is not a number")
        zone, record = self.record_anywhere(p["id"])
        zone.remove(record)
        return self.done()
