"""Shellrent remote API 2.

https://api.shellrent.com/
Everything is below a domain's id; dns_record/index is a list of ids (texts), each to be read by itself; hosts are relative, "" at the
apex; TTL from a fixed list. Answers are 200 with {error, title, message, data}: error 0 is success.
"""
from fakelib import Bad, Fake, route

TTLS = (3600, 14400, 28800, 57600, 86400)


class Api(Fake):
    hosts = ("manager.shellrent.com",)
    creds = {"username": "usrkit1", "token": "canaryshellrent2b8c7f10"}
    page_most = 20  # it has no pages

    def setup(self):
        z = self.store.zones
        self.info = {"domains": "\n".join(f"{n} {z[n].id}" for n in z) + "\nnot-here.test 99"}

    def auth(self, q):
        return q.headers.get("Authorization") == f"{self.creds['username']}.{self.creds['token']}"

    def failed(self, words, code):
        return 200, {"error": code, "title": "", "message": words, "data": None}

    def denied(self, q):
        return self.failed("Token di autorizzazione non valido", 2)

    def error(self, status, words):
        return status, {"error": 1, "title": "", "message": words, "data": None}

    def ok(self, data, message=""):
        return {"error": 0, "title": "", "message": message, "data": data}

    @route("GET", "/api2/domain/details/{id}")
    def domain(self, q):
        try:
            zone = self.zone_by_id(q.args["id"])
        except Bad:
            return self.failed("Dominio non trovato", 5)
        return self.ok({"id": zone.id, "domain_name": zone.name, "domain_name_ascii": zone.name})

    @route("GET", "/api2/dns_record/index/{id}")
    def index(self, q):
        return self.ok([str(r.id) for r in self.zone_by_id(q.args["id"]).records])

    @route("GET", "/api2/dns_record/details/{id}/{rid}", absent=True)  # it went meanwhile
    def details(self, q):
        zone = self.zone_by_id(q.args["id"])
        r = self.record(zone, q.args["rid"])
        return self.ok({"id": str(r.id), "type": r.type, "host": zone.relative(r.name, ""), "ttl": str(r.ttl), "destination": r.value})

    @route("POST", "/api2/dns_record/store/{id}")
    def store_record(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if body.get("ttl", 3600) not in TTLS:
            return self.failed("TTL non valido", 3)
        r = zone.add(zone.absolute(body["host"]), body["type"], body["destination"], body.get("ttl", 3600))
        return self.ok({"id": str(r.id)}, "Record DNS aggiunto con successo")

    @route("DELETE", "/api2/dns_record/remove/{id}/{rid}")
    def remove(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["rid"]))
        return self.ok(None)
