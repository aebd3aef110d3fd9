"""Vultr API v2, DNS.

https://www.vultr.com/api/#tag/dns
Names are relative ("" at the apex), TXT data is in quotes, ids are UUIDs. Lists have a cursor in meta.links.next, "" at the end; 500 a page
at most, 100 by default. Two equal records are refused by nothing in the documentation. Errors are {error, status}.
"""
import uuid

from fakelib import Answer, Fake, bearer, quote, route, told, unquote, STATUS, WORDS


class Api(Fake):
    hosts = ("api.vultr.com",)
    creds = {"key": "CANARYVULTR7Q2M5X9K4B3ZT"}
    no_record = ("Invalid record", 404)
    page_most = 500
    auth = bearer("key", denied="Invalid API token.")
    error = told({"error": WORDS, "status": STATUS})

    def record_id(self, r):
        return str(uuid.uuid5(uuid.NAMESPACE_URL, str(r.id)))

    def shown(self, zone, r):
        return {"id": self.record_id(r), "type": r.type, "name": zone.relative(r.name, ""), "data": quote(r.value) if r.type == "TXT" else r.value,
                "priority": 0, "ttl": r.ttl}

    @route("GET", "/v2/domains/{zone}")
    def domain(self, q):
        return {"domain": {"domain": self.zone(q.args["zone"]).name, "date_created": "2026-01-01T00:00:00+00:00", "dns_sec": "disabled"}}

    @route("GET", "/v2/domains/{zone}/records")
    def records(self, q):
        zone, size = self.zone(q.args["zone"]), self.page_size(q.query.get("per_page", 100))
        start = int(q.query["cursor"][5:]) if q.query.get("cursor") else 0
        end = start + size
        return {"records": [self.shown(zone, r) for r in zone.records[start:end]], "meta": {"total": len(zone.records), "links": {
            "next": f"bmV4d{end}" if end < len(zone.records) else "", "prev": ""}}}

    @route("POST", "/v2/domains/{zone}/records")
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not isinstance(body.get("ttl", 300), int) or body.get("ttl", 300) < 120:
            return self.error(400, "Invalid TTL. Valid TTL is 120 or greater")
        value = unquote(body["data"]) if body["type"] == "TXT" else body["data"]
        return 201, {"record": self.shown(zone, zone.add(zone.absolute(body["name"]), body["type"], value, body.get("ttl", 300)))}

    @route("DELETE", "/v2/domains/{zone}/records/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return Answer(204, b"", None)
