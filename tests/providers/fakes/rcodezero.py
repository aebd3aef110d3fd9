"""RcodeZero anycast DNS, the ACME part of API v1.

https://my.rcodezero.at/openapi/
An ACME token sees and changes only TXT records at _acme-challenge names. Lists are {data, current_page, last_page, per_page, total};
names end in a dot, content of TXT is in quotes. PATCH takes a list of sets with changetype add (refused when the set is there), update
or delete (both refused when it is not). Errors are {status: failed, message}.
"""
from fakelib import Bad, Fake, bearer, quote, route, told, unquote, WORDS

ZONE = "/api/v1/acme/zones/{zone}"


class Api(Fake):
    hosts = ("my.rcodezero.at",)
    creds = {"token": "canary-rcodezero-acme-Q1w8Zx0p"}
    auth = bearer("token", denied="Unauthenticated.")

    error = told({"status": "failed", "message": WORDS})

    @route("GET", ZONE)
    def zone_get(self, q):
        zone = self.zone(q.args["zone"])
        return {"id": zone.id, "domain": zone.name, "type": "MASTER", "dnssec": "no", "created": "2026-01-01T00:00:00Z"}

    @route("GET", ZONE + "/rrsets")
    def sets(self, q):
        zone = self.zone(q.args["zone"])
        names = list(dict.fromkeys(r.name for r in zone.find(type="TXT") if r.name.startswith(("_acme-challenge.", "f"))))
        number, size = int(q.query.get("page", 1)), self.page_size(q.query.get("page_size"))
        part, pages = self.page(names, number, size)
        return {"data": [{"name": n + ".", "type": "TXT", "ttl": zone.find(n, "TXT")[0].ttl, "records": [
            {"content": quote(v), "disabled": False} for v in zone.values(n)]} for n in part],
            "current_page": number, "last_page": pages, "per_page": size, "total": len(names)}

    @route("PATCH", ZONE + "/rrsets")
    def patch(self, q):
        zone = self.zone(q.args["zone"])
        for change in q.json:
            name, kind = change["name"], change["changetype"]
            if not name.endswith(".") or not name.startswith("_acme-challenge.") or change["type"] != "TXT":
                raise Bad("Only TXT records of _acme-challenge names are allowed", 403)
            name = name[:-1].lower()
            if name != zone.name and not name.endswith("." + zone.name):
                raise Bad(f"{name} is out of zone", 400)
            if bool(zone.values(name)) == (kind == "add"):
                raise Bad("RRset exists already" if kind == "add" else "RRset does not exist", 400)
            values = [] if kind == "delete" else [unquote(r["content"]) for r in change["records"]]
            if kind != "delete" and (not values or len(set(values)) != len(values) or not isinstance(change["ttl"], int) or change["ttl"] < 60):
                raise Bad("invalid records", 400)
            zone.replace(name, "TXT", values, change.get("ttl", 3600))
        return {"status": "ok", "message": "RRsets updated"}
