"""Katapult Core API v1, DNS zones and records.

https://developers.katapult.io/api/docs/latest/
Things are looked up by dns_zone[name] (or in the body); names are relative, "" at the apex; lists are {pagination, dns_records} by page and
per_page (30, 200 at most); DELETE has a body and answers 200. Errors are {code, description, detail}.
"""
from fakelib import Bad, bearer, Fake, route

RECORDS = "/core/v1/dns_zones/dns_zone/records"


class Api(Fake):
    hosts = ("api.katapult.io",)
    creds = {"key": "canarykatapultTq81Zk0xVw2M"}
    page_most = 200
    auth = bearer("key")

    def denied(self, q):
        return 403, {"code": "invalid_api_token", "description": "The API token provided was not valid", "detail": {}}

    def error(self, status, words):
        return status, {"code": {404: "dns_zone_not_found", 429: "rate_limit_exceeded"}.get(status, "validation_error"), "description": words,
                        "detail": {}}

    def shown(self, zone, r):
        return {"id": f"dnsr_{r.id}", "name": zone.relative(r.name, ""), "full_name": r.name, "ttl": r.ttl, "type": r.type, "content": r.value,
                "content_attributes": {r.type: {"content": r.value}}}

    @route("GET", RECORDS)
    def records(self, q):
        zone, p = self.zone(q.query["dns_zone[name]"]), q.query
        size, number = self.page_size(p.get("per_page", 30)), int(p.get("page", 1))
        part, pages = self.page(zone.records, number, size)
        return {"pagination": {"current_page": number, "total_pages": pages, "total": len(zone.records), "per_page": size, "large_set": False},
                "dns_records": [self.shown(zone, r) for r in part]}

    @route("POST", RECORDS)
    def create(self, q):
        zone, p = self.zone(q.json["dns_zone"]["name"]), q.json["properties"]
        if not isinstance(p["ttl"], int):
            raise Bad("ttl is not a number", 422)
        return 201, {"dns_record": self.shown(zone, zone.add(zone.absolute(p["name"]), p["type"], p["content"][p["type"]]["content"], p["ttl"]))}

    @route("DELETE", "/core/v1/dns_zones/dns_record")
    def delete(self, q):
        zone, record = self.record_anywhere(q.json["dns_record"]["id"].replace("dnsr_", ""))
        zone.remove(record)
        return {"dns_record": self.shown(zone, record)}
