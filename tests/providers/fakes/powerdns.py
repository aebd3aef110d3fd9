"""PowerDNS Authoritative Server, built-in HTTP API v1.

https://doc.powerdns.com/authoritative/http-api/zone.html
Zone ids are the zone's name with a final dot; RRsets are changed by PATCH with changetype REPLACE or DELETE (EXTEND and PRUNE of
4.9.12 and 5.0.2 too); content of TXT must be in quotes; names are absolute with a final dot; PATCH answers 204.
"""
from fakelib import Bad, Fake, header, quote, route, told, unquote, WORDS

ZONES = "/api/v1/servers/localhost/zones"


class Api(Fake):
    creds = {"key": "canary-powerdns-xpH3c2FmZQ"}
    new = False  # EXTEND and PRUNE
    auth = header("X-API-Key", "key")

    def denied(self, q):
        return 401, "Unauthorized"

    error = told({"error": WORDS})

    def zone(self, id):
        if not id.endswith("."):
            id += "."
        zone = self.store.zones.get(id[:-1].lower())
        if not zone:
            raise Bad("Could not find domain '%s'" % id, 404)
        return zone

    def sets(self, zone, q):
        keys = dict.fromkeys((r.name, r.type) for r in zone.records)
        return [{"name": n + ".", "type": t, "ttl": zone.find(n, t)[0].ttl, "comments": [], "records": [
            {"content": quote(v) if t == "TXT" else v, "disabled": False} for v in zone.values(n, t)]}
            for n, t in keys if q.query.get("rrset_name", n + ".").lower() == n + "." and q.query.get("rrset_type", t) == t]

    def head(self, zone):
        return {"id": zone.name + ".", "name": zone.name + ".", "kind": "Native", "url": f"{ZONES}/{zone.name}.", "serial": 1,
                "notified_serial": 0, "masters": [], "dnssec": False}

    @route("GET", ZONES)
    def zones_list(self, q):
        return [self.head(z) for z in self.store.zones.values() if q.query.get("zone", z.name + ".").rstrip(".") == z.name]

    @route("GET", ZONES + "/{id}")
    def zone_get(self, q):
        zone = self.zone(q.args["id"])
        return {**self.head(zone), **({} if q.query.get("rrsets") == "false" else {"rrsets": self.sets(zone, q)})}

    @route("PATCH", ZONES + "/{id}")
    def patch(self, q):
        zone = self.zone(q.args["id"])
        for change in q.json["rrsets"]:
            name, type, kind = change["name"], change["type"], change["changetype"]
            if not name.endswith("."):
                return self.error(422, "DNS Name '%s' is not canonical" % name)
            name = name[:-1].lower()
            if name != zone.name and not name.endswith("." + zone.name):
                return self.error(422, "RRset %s. IN %s: Name is out of zone" % (name, type))
            contents = [unquote(r["content"]) if type == "TXT" else r["content"] for r in change.get("records", [])]
            if kind == "REPLACE":
                if len(set(contents)) != len(contents):
                    return self.error(422, "Duplicate record in RRset %s. IN %s" % (name, type))
                zone.replace(name, type, contents, change["ttl"] if contents else 0)
            elif kind == "DELETE":
                zone.replace(name, type, [])
            elif kind in ("EXTEND", "PRUNE") and self.new:
                there, was = zone.values(name, type), zone.find(name, type)
                rest = there + [c for c in contents if c not in there] if kind == "EXTEND" else [v for v in there if v not in contents]
                zone.replace(name, type, rest, was[0].ttl if was else change.get("ttl", 60))
            else:
                return self.error(422, "Changetype not understood")

    @route("PUT", ZONES + "/{id}/notify")
    def notify(self, q):
        self.zone(q.args["id"])
        return {"result": "Notification queued"}


class New(Api):
    new = True
