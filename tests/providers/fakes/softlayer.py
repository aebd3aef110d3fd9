"""SoftLayer REST API, DNS domains (IBM Cloud, classic infrastructure).

https://sldn.softlayer.com/reference/services/SoftLayer_Dns_Domain/
Methods of a service by path; parameters of a method as a list in the body. Hosts are relative, "@" at the apex; types are in lower case.
deleteObject answers `true`. Errors are {error, code}.
"""
from fakelib import Answer, Bad, Fake, basic, listing, route

DOMAIN = "/rest/v3.1/SoftLayer_Dns_Domain/"


class Api(Fake):
    hosts = ("api.softlayer.com",)
    creds = {"user": "kit_0815", "key": "canary-softlayer-apikey-55aa"}
    auth = basic("user", "key", denied="Invalid API token.")

    def error(self, status, words):
        return status, {"error": words, "code": "SoftLayer_Exception_ObjectNotFound" if status == 404 else "SoftLayer_Exception_Public"}

    def shown(self, zone, r):
        return {"id": r.id, "domainId": zone.id, "host": zone.relative(r.name), "type": r.type.lower(), "data": r.value, "ttl": r.ttl}

    @route("GET", DOMAIN + "getByDomainName/{name}.json")
    def by_name(self, q):
        return [{"id": z.id, "name": z.name, "serial": 2026112100} for z in self.store.zones.values() if z.name == q.args["name"]]

    records = listing(DOMAIN + "{id}/getResourceRecords.json")

    @route("POST", DOMAIN + "{id}/createTxtRecord.json")
    def create(self, q):
        zone, (host, data, ttl) = self.zone_by_id(q.args["id"]), q.json["parameters"]
        if not isinstance(ttl, int):
            raise Bad("ttl must be an integer", 500)
        return self.shown(zone, zone.add(zone.absolute(host), "TXT", data, ttl))

    @route("DELETE", "/rest/v3.1/SoftLayer_Dns_Domain_ResourceRecord/{id}.json")
    def delete(self, q):
        zone, record = self.record_anywhere(q.args["id"])
        zone.remove(record)
        return Answer(200, "true")
