"""ISPConfig 3, remote API by JSON.

https://git.ispconfig.org/ispconfig/ispconfig3/-/tree/develop/remoting_client/API-docs
The function's name is the query; a session from login goes into each body. Always status 200; code is "ok" or "remote_fault". Ids are
texts in lists; zones and names have a final dot. dns_zone_get with a map gives a list of zones, dns_rr_get_all_by_zone all records.
"""
from fakelib import Bad, Fake, public, route


class Api(Fake):
    creds = {"user": "acme-remote", "password": "canary-ispconfig-Vt5kq2"}

    def setup(self):
        self.sessions = set()

    def error(self, status, words):
        words = {401: "The session is expired or does not exist. ",
            403: "You do not have the permissions to access this function. "}.get(status, "") + words
        return (200 if status in (400, 401, 403, 404, 422) else status), {"code": "remote_fault", "message": words, "response": False}

    @public
    @route("POST", "/remote/json.php")
    def call(self, q):
        function, body = next(iter(q.query), ""), q.json
        if function == "login":
            if (body["username"], body["password"]) != (self.creds["user"], self.creds["password"]):
                return self.error(200, "The login failed. Username or password wrong.")
            session = f"session{self.store.new_id()}"
            self.sessions.add(session)
            return {"code": "ok", "message": "", "response": session}
        if body.get("session_id") not in self.sessions:
            return self.error(401, "")
        handler = getattr(self, "do_" + function, None)
        if not handler:
            return {"code": "invalid_method", "message": f"Method {function} does not exist", "response": False}
        return {"code": "ok", "message": "", "response": handler(body)}

    def zone_of(self, id):
        try:
            return self.zone_by_id(id)
        except Bad:
            raise Bad("no such zone", 200)

    def do_dns_zone_get(self, b):
        if not isinstance(b["primary_id"], dict):
            raise Bad("not in this fake", 200)
        return [{"id": str(z.id), "sys_userid": "789", "sys_groupid": "2", "server_id": "3", "origin": z.name + ".", "active": "Y"}
                for z in self.store.zones.values() if z.name + "." == b["primary_id"]["origin"]]

    def do_client_get_id(self, b):
        return 12 if b["sys_userid"] == "789" else False

    def do_dns_rr_get_all_by_zone(self, b):
        zone = self.zone_of(b["zone_id"])
        return [{"id": str(r.id), "server_id": "3", "zone": str(zone.id), "name": r.name + ".", "type": r.type, "data": r.value, "aux": "0",
                 "ttl": str(r.ttl), "active": "Y"} for r in zone.records]

    def do_dns_txt_add(self, b):
        p = b["params"]
        zone = self.zone_of(p["zone"])
        if (b["client_id"], p["server_id"], p["type"], p["active"]) not in (("12", "3", "txt", "y"), (12, "3", "txt",
            "y")) or len(p["stamp"]) != 19:
            raise Bad("You do not have the permissions to access this function.", 200)
        return str(zone.add(zone.absolute_or_dot(p["name"]), "TXT", p["data"], p["ttl"]).id)

    def do_dns_txt_delete(self, b):
        for zone in self.store.zones.values():
            for r in zone.find(type="TXT", id=b["primary_id"]):
                zone.remove(r)
                return 1
        return 0
