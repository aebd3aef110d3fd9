"""ArvanCloud CDN API 4.0, DNS records.

https://www.arvancloud.ir/api/cdn/4.0
Names are relative, "@" at the apex; types in lower case; values are objects of a shape that depends on the type. TTLs are at least 600
here. Lists in pages with meta.last_page.
The statuses of errors are assumed.
"""
from fakelib import Fake, header, route

LIST = "/cdn/4.0/domains/{zone}/dns-records"


class Api(Fake):
    hosts = ("napi.arvancloud.ir",)
    creds = {"key": "Apikey canary-arvan-5d0b-4c11-9a2f"}
    auth = header("Authorization", "key", denied="Unauthenticated.")

    def error(self, status, words):
        return status, {"status": False, "message": words}

    def shown(self, zone, r):
        value = {"text": r.value} if r.type == "TXT" else [{"ip": r.value, "port": None,
            "weight": 1}] if r.type == "A" else {"host": r.value}
        return {"id": f"fe93c082-70d9-4d53-a121-{r.id:012d}", "type": r.type.lower(), "name": zone.relative(r.name), "value": value,
                "ttl": r.ttl, "cloud": False, "upstream_https": "default", "can_delete": True}

    @route("GET", LIST)
    def records(self, q):
        zone = self.zone(q.args["zone"])
        items, last = self.page(zone.records, q.query.get("page"), q.query.get("per_page") or 25)
        return {"data": [self.shown(zone, r) for r in items], "links": {}, "meta": {
            "current_page": int(q.query.get("page", 1)), "last_page": last, "per_page": 25, "total": len(zone.records)}}

    @route("POST", LIST)
    def create(self, q):
        zone, b = self.zone(q.args["zone"]), q.json
        if b["type"] != "txt" or not isinstance(b["ttl"], int) or b["ttl"] < 600 or b["upstream_https"] != "default":
            return self.error(422, "The given data was invalid.")
        record = zone.add(zone.absolute(b["name"]), "TXT", b["value"]["text"], b["ttl"])
        return 201, {"data": self.shown(zone, record), "message": "DNS record created successfully"}

    @route("DELETE", LIST + "/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, int(q.args["id"].rpartition("-")[2])))
        return {"message": "DNS record deleted successfully"}
