"""Gandi LiveDNS v5.

https://api.gandi.net/docs/livedns/
An RRset is replaced by PUT on domains/{fqdn}/records/{name}/{type} and read by GET there; "@" is the apex; values of TXT come back
in quotes and may be written with or without. rrset_ttl is 300 at least. 404 stands for an unknown domain and for a set that is not there.
"""
from fakelib import Bad, Fake, bearer, loose, quote, route, told, STATUS, WORDS

SET = "/v5/livedns/domains/{zone}/records/{name}/{type}"


class Api(Fake):
    hosts = ("api.gandi.net",)
    creds = {"token": "canary-gandi-pat-3a9cd217"}
    auth = bearer("token", denied=(403, "Access was denied to this resource."))

    error = told({"object": "HTTPError", "cause": "kit", "code": STATUS, "message": WORDS})

    def shown(self, zone, name, type):
        found = zone.find(name, type)
        return {"rrset_name": zone.relative(name), "rrset_type": type, "rrset_ttl": found[0].ttl,
                "rrset_values": [quote(r.value) if type == "TXT" else r.value for r in found],
                "rrset_href": f"{self.outside}/v5/livedns/domains/{zone.name}/records/{zone.relative(name)}/{type}"}

    @route("GET", "/v5/livedns/domains")
    def domains(self, q):
        items, _ = self.page(list(self.store.zones), q.query.get("page"), q.query.get("per_page"))
        return [{"fqdn": name, "domain_href": f"{self.outside}/v5/livedns/domains/{name}"} for name in items]

    @route("GET", "/v5/livedns/domains/{zone}")
    def domain(self, q):
        return {"fqdn": self.zone(q.args["zone"]).name, "automatic_snapshots": False}

    @route("GET", SET, absent=True)
    def get(self, q):
        zone = self.zone(q.args["zone"])
        name = zone.absolute(q.args["name"])
        if not zone.find(name, q.args["type"]):
            raise Bad("Can't find the DNS record %s/%s in the zone" % (q.args["name"], q.args["type"]), 404)
        return self.shown(zone, name, q.args["type"])

    @route("PUT", SET)
    def put(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        values, ttl = body["rrset_values"], body.get("rrset_ttl", 10800)
        if not isinstance(values, list) or not values or not all(isinstance(v, str) for v in values):
            return self.error(400, "rrset_values: a list of at least one text is wanted")
        if not isinstance(ttl, int) or not 300 <= ttl <= 2592000:
            return self.error(400, "rrset_ttl: must be at least 300")
        values = [loose(v) for v in values]
        if len(set(values)) != len(values):
            return self.error(400, "rrset_values: a value is there twice")
        zone.replace(zone.absolute(q.args["name"]), q.args["type"], values, ttl)
        return 201, {"message": "DNS Record Created"}

    @route("DELETE", SET)
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.replace(zone.absolute(q.args["name"]), q.args["type"], [])
