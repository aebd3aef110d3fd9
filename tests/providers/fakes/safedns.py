"""ANS (UKFast) SafeDNS API v1.

https://developers.ukfast.io/documentation/safedns and https://developers.ukfast.io/getting-started (pages)
The key stands bare in Authorization; names are absolute, TXT content is in quotes; lists have page and per_page and meta.pagination;
creation answers the id alone, DELETE 204. Errors are {message}.
"""
from fakelib import Fake, header, quote, route, unquote

RECORDS = "/safedns/v1/zones/{zone}/records"


class Api(Fake):
    hosts = ("api.ukfast.io",)
    creds = {"token": "canarySafedns7Qk2mXz0w"}
    auth = header("Authorization", "token", denied="Unauthenticated")

    @route("GET", RECORDS)
    def records(self, q):
        zone, number, size = self.zone(q.args["zone"]), int(q.query.get("page", 1)), self.page_size(q.query.get("per_page", 20))
        part, pages = self.page(zone.records, number, size)
        return {"data": [{"id": r.id, "name": r.name, "type": r.type, "content": quote(r.value) if r.type == "TXT" else r.value, "ttl": r.ttl,
                          "priority": None, "updated_at": "2026-11-21T10:00:00+00:00"} for r in part],
                "meta": {"pagination": {"total": len(zone.records), "count": len(part), "per_page": size, "total_pages": pages, "links": {}}}}

    @route("POST", RECORDS)
    def create(self, q):
        zone, b = self.zone(q.args["zone"]), q.json
        if not isinstance(b["ttl"], int):
            return self.error(422, "The ttl must be an integer")
        r = zone.add(b["name"], b["type"], unquote(b["content"]), b["ttl"])
        return 201, {"data": {"id": r.id}, "meta": {"location": f"{self.outside}{q.path}/{r.id}"}}

    @route("DELETE", RECORDS + "/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
