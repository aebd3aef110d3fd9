"""The user API of HostBill, as DNS.services and Veesp have it.

https://dns.services/userapi#dns-85
https://secure.veesp.com/userapi#dns-96
A zone has two ids, of its service and of itself; ids are texts; names are relative, "" at the apex; content of TXT comes back in quotes.
What failed is told by "error", a list, mostly with status 200; a record that was made is answered by {success} without its id.
"""
from fakelib import Bad, basic, Fake, loose, quote, route, told, WORDS

ZONE = "/api/service/{service}/dns/{zone}"


class Api(Fake):
    hosts = ("dns.services",)
    creds = {"username": "kit@example.test", "password": "canary-dnsservices-9LkQ2vWx"}
    auth = basic("username", "password")

    def denied(self, q):
        return 401, {"error": ["wronglogin", "unauthorized"]}

    error = told({"error": [WORDS]})

    def quota(self, words):
        return 200, {"error": [words]}

    def zone_of(self, q):
        zone = self.zone_by_id(q.args["zone"])
        if q.args["service"] != f"9{zone.id}":
            raise Bad("invalid_service", 404)
        return zone

    @route("GET", "/api/dns")
    def zones_list(self, q):
        zones = self.store.zones.values()
        return {"service_ids": [f"9{z.id}" for z in zones],
                "zones": [{"domain_id": str(z.id), "name": z.name, "service_id": f"9{z.id}"} for z in zones]}

    @route("GET", ZONE)
    def records(self, q):
        zone = self.zone_of(q)
        return {"service_id": int(f"9{zone.id}"), "name": zone.name, "records": [
            {"id": str(r.id), "name": zone.relative(r.name, ""), "ttl": r.ttl, "priority": 0, "type": r.type,
             "content": quote(r.value) if r.type == "TXT" else r.value} for r in zone.records]}

    @route("POST", ZONE + "/records")
    def create(self, q):
        zone, body = self.zone_of(q), q.json
        zone.add(zone.absolute(body["name"]), body["type"], loose(body["content"]), int(body["ttl"]))
        return {"success": True, "info": [["dnsrecordadded"]]}

    @route("DELETE", ZONE + "/records/{id}")
    def delete(self, q):
        zone = self.zone_of(q)
        zone.remove(self.record(zone, q.args["id"]))
        return {"success": True, "info": [["dnsrecordremoved"]]}


class Veesp(Api):
    hosts = ("secure.veesp.com",)
    creds = {"username": "kit@veesp.test", "password": "canary-veesp-Tz81mKq0"}
