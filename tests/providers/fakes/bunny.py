"""bunny.net API, DNS zones.

https://docs.bunny.net/reference/dnszonepublic_index
The key is in the header AccessKey. Types are numbers (TXT = 3); names are relative, "" at the apex; a zone has its records in it; a record
is made by PUT. Zones are listed in pages of 5 to 1000. Errors are {ErrorKey, Field, Message}.
"""
from fakelib import Answer, Fake, header, route, told, WORDS

TYPES = {"A": 0, "AAAA": 1, "CNAME": 2, "TXT": 3, "MX": 4, "CAA": 9, "NS": 12}


class Api(Fake):
    hosts = ("api.bunny.net",)
    creds = {"key": "canary-bunny-31c7-4f0d-a1f7"}
    page_most = 1000
    auth = header("AccessKey", "key")

    def denied(self, q):
        return 401, {"Message": "Authorization has been denied for this request."}

    error = told({"ErrorKey": "validation_error", "Field": "Value", "Message": WORDS})

    def shown(self, zone, r):
        return {"Id": r.id, "Type": TYPES[r.type], "Ttl": r.ttl, "Value": r.value, "Name": zone.relative(r.name, ""), "Weight": 0,
                "Priority": 0, "Disabled": False, "Comment": None}

    def described(self, zone):
        return {"Id": zone.id, "Domain": zone.name, "Records": [self.shown(zone, r) for r in zone.records], "NameserversDetected": True}

    @route("GET", "/dnszone")
    def zones_list(self, q):
        size, zones = max(5, self.page_size(q.query.get("perPage"))), list(self.store.zones.values())
        number = int(q.query.get("page", 1))
        items, pages = self.page(zones, number, size)
        return {"CurrentPage": number, "TotalItems": len(zones), "HasMoreItems": number < pages, "Items": [self.described(z) for z in items]}

    @route("GET", "/dnszone/{id}")
    def zone_get(self, q):
        return self.described(self.zone_by_id(q.args["id"]))

    @route("PUT", "/dnszone/{id}/records")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(body["Type"], int) or not isinstance(body["Ttl"], int):
            return self.error(400, "The request is invalid.")
        type = {v: k for k, v in TYPES.items()}[body["Type"]]
        return 201, self.shown(zone, zone.add(zone.absolute(body.get("Name") or ""), type, body["Value"], body["Ttl"]))

    @route("DELETE", "/dnszone/{id}/records/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["rid"]))
        return Answer(204, b"", None)
