"""Netnod primary DNS API v1.

https://docs.google.com/document/d/1GfpCZjhdniWzM3fjTSS73D0uCUnK478IzcXBIOYOemQ/edit?usp=sharing
Sets as PowerDNS has them, changed by PATCH with changetype EXTEND or PRUNE (one value put in or taken out) or REPLACE or DELETE;
names are absolute with a final dot, content of TXT in quotes; PATCH answers 204. Errors are {error}.
"""
from fakelib import Bad, Fake, header, quote, route, told, unquote, WORDS


class Api(Fake):
    hosts = ("primarydnsapi.netnod.se",)
    creds = {"token": "canarynetnod3f90c2be7a16d485"}
    auth = header("Authorization", "token", "Token ", denied="Invalid token.")
    error = told({"error": WORDS})

    def dotted(self, id):
        zone = self.store.zones.get(id[:-1]) if id.endswith(".") else None
        if not zone:
            raise Bad(f"Zone {id} not found", 404)
        return zone

    @route("GET", "/api/v1/zones/{id}")
    def get(self, q):
        zone = self.dotted(q.args["id"])
        sets = dict.fromkeys((r.name, r.type) for r in zone.records)
        return {"id": zone.name + ".", "name": zone.name + ".", "notified_serial": 1, "rrsets": [
            {"name": n + ".", "type": t, "ttl": zone.find(n, t)[0].ttl, "comments": [],
             "records": [{"content": quote(v) if t == "TXT" else v, "disabled": False} for v in zone.values(n, t)]} for n, t in sets]}

    @route("PATCH", "/api/v1/zones/{id}")
    def patch(self, q):
        zone = self.dotted(q.args["id"])
        for s in q.json["rrsets"]:
            name, type, kind = s["name"], s["type"], s["changetype"]
            if not name.endswith("."):
                raise Bad(f"DNS Name '{name}' is not canonical", 422)
            values = [unquote(r["content"]) if type == "TXT" else r["content"] for r in s.get("records", [])]
            if kind == "EXTEND":
                for v in values:
                    if v not in zone.values(name[:-1], type):
                        zone.add(name[:-1], type, v, s["ttl"])
            elif kind == "PRUNE":
                for r in [r for r in zone.find(name[:-1], type) if r.value in values]:
                    zone.remove(r)
            elif kind in ("REPLACE", "DELETE"):
                zone.replace(name[:-1], type, values, s.get("ttl", 60))
            else:
                raise Bad("Changetype not understood", 422)
