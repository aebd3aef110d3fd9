"""lima-city API, domains and nameserver records.

https://www.lima-city.de/hilfe/lima-city-api
Basic authentication as user "api". Names are absolute; TXT content is given bare and listed in quotes; changes answer {status: ok};
errors are {status, errors: {field: [words]}}.
"""
from fakelib import Fake, loose, quote, route, told, WORDS

DOMAIN = "/usercp/domains/{id}"


class Api(Fake):
    hosts = ("www.lima-city.de",)
    creds = {"key": "canary-limacity-81c2fa904b"}

    def auth(self, q):
        return q.basic == ("api", self.creds["key"])

    error = told({"status": "invalid_resource", "errors": {"base": [WORDS]}})

    @route("GET", "/usercp/domains.json")
    def domains(self, q):
        return {"domains": [{"id": z.id, "mode": "CREATE", "tld": z.name.rpartition(".")[2], "domain": z.name.rpartition(".")[0],
                             "in_subscription": False, "auto_renew": False, "status": "ok", "unicode_fqdn": z.name} for z in self.store.zones.values()]}

    @route("GET", DOMAIN + "/records.json")
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        return {"records": [{"id": r.id, "content": quote(r.value) if r.type == "TXT" else r.value, "name": r.name, "ttl": r.ttl, "type": r.type,
                             "priority": None, **({"subdomain": zone.relative(r.name, "")} if r.name != zone.name else {})} for r in zone.records]}

    @route("POST", DOMAIN + "/records.json")
    def create(self, q):
        zone, b = self.zone_by_id(q.args["id"]), q.json["nameserver_record"]
        name = b["name"] if b["name"] == zone.name or b["name"].endswith("." + zone.name) else zone.absolute(b["name"])
        if not isinstance(b["ttl"], int):
            return self.error(422, "ttl ist keine Zahl")
        zone.add(name, b["type"], loose(b["content"]), b["ttl"])
        return {"status": "ok"}

    @route("DELETE", DOMAIN + "/records/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["rid"]))
        return {"status": "ok"}
