"""deSEC domain and RRset API.

https://desec.readthedocs.io/en/latest/dns/rrsets.html
RRsets by subname ("" in bodies, "@" in paths for the apex) and type; POST makes one (400 when it is there), PATCH changes it, an empty
list of records deletes it (204); records of TXT must be in quotes; the TTL is at least the domain's minimum_ttl; trailing slashes count.
Lists over 500 items are paged by a cursor in the Link header. Throttled requests say "Expected available in N seconds." and Retry-After.
"""
from fakelib import Answer, Bad, Fake, answer_of, header, quote, route, told, unquote, WORDS

RRSETS = "/api/v1/domains/{zone}/rrsets/"


class Api(Fake):
    hosts = ("desec.io",)
    creds = {"token": "canary-desec-mu4W4MHuSc0HyHD1A1k"}
    page_most = 500
    auth = header("Authorization", "token", "Token ", denied="Invalid token.")
    error = told({"detail": WORDS})

    quota_status = 403

    no_zone = ("Not found.", 404)

    def domain(self, zone):
        return {"created": "2026-01-01T00:00:00Z", "published": "2026-01-01T00:00:00Z", "name": zone.name, "minimum_ttl": 3600,
                "touched": "2026-01-01T00:00:00Z"}

    def listed(self, q, items):
        size, start = self.page_size(500), int(q.query.get("cursor") or 0)
        if len(items) > size and "cursor" not in q.query:
            answer = answer_of(self.error(400, "Pagination required. You can query up to %d items at a time." % size))
            answer.headers["Link"] = f'<{self.outside}{q.raw_path}?cursor=>; rel="first"'
            return answer
        answer = answer_of(items[start:start + size])
        if start + size < len(items):
            answer.headers["Link"] = f'<{self.outside}{q.raw_path}?cursor={start + size}>; rel="next"'
        return answer

    def shown(self, zone, name, type):
        found = zone.find(name, type)
        sub = zone.relative(name, "")
        return {"created": "2026-01-01T00:00:00Z", "touched": "2026-01-01T00:00:00Z", "domain": zone.name, "subname": sub,
                "name": name + ".", "type": type, "ttl": found[0].ttl,
                "records": [quote(r.value) if type == "TXT" else r.value for r in found]}

    def records_of(self, body, type):
        records = body["records"]
        if not isinstance(records, list) or not all(isinstance(r, str) for r in records):
            raise Bad("records: expected a list of strings")
        return [unquote(r) if type == "TXT" else r for r in records]

    def ttl_of(self, body, default=None):
        ttl = body.get("ttl", default)
        if not isinstance(ttl, int) or ttl < 3600:
            raise Bad("ttl: Ensure this value is greater than or equal to 3600.")
        return ttl

    @route("GET", "/api/v1/domains/")
    def domains(self, q):
        wanted = q.query.get("owns_qname")
        zones = list(self.store.zones.values())
        if wanted is not None:
            zones = [z for z in zones if wanted == z.name or wanted.endswith("." + z.name)]
            return [self.domain(z) for z in sorted(zones, key=lambda z: -len(z.name))[:1]]
        return self.listed(q, [self.domain(z) for z in zones])

    @route("GET", "/api/v1/domains/{zone}/")
    def domain_get(self, q):
        return self.domain(self.zone(q.args["zone"]))

    @route("GET", RRSETS)
    def sets(self, q):
        zone = self.zone(q.args["zone"])
        keys = dict.fromkeys((r.name, r.type) for r in zone.records)
        return self.listed(q, [self.shown(zone, n, t) for n, t in keys if q.query.get("type") in (None, t)
                               and q.query.get("subname") in (None, zone.relative(n, ""))])

    @route("GET", RRSETS + "{name}/{type}/", absent=True)
    def get(self, q):
        zone = self.zone(q.args["zone"])
        name = zone.absolute(q.args["name"])
        if not zone.find(name, q.args["type"]):
            raise Bad("Not found.", 404)
        return self.shown(zone, name, q.args["type"])

    @route("POST", RRSETS)
    def post(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        name, type = zone.absolute(body["subname"]), body["type"]
        if zone.find(name, type):
            return 400, {"non_field_errors": ["Another RRset with the same subdomain and type exists for this domain."]}
        zone.replace(name, type, self.records_of(body, type), self.ttl_of(body))
        return 201, self.shown(zone, name, type)

    @route("PATCH", RRSETS + "{name}/{type}/")
    def patch(self, q):
        return self.change(q, zone_must_have=True)

    @route("PUT", RRSETS + "{name}/{type}/")
    def put(self, q):
        return self.change(q, zone_must_have=False)

    def change(self, q, zone_must_have):
        zone, body, type = self.zone(q.args["zone"]), q.json, q.args["type"]
        name = zone.absolute(q.args["name"])
        there = zone.find(name, type)
        if not there and zone_must_have:
            raise Bad("Not found.", 404)
        records = self.records_of(body, type)
        zone.replace(name, type, records, self.ttl_of(body, there[0].ttl if there else None) if records or "ttl" in body else 0)
        return self.shown(zone, name, type) if records else Answer(204, b"", None)

    @route("DELETE", RRSETS + "{name}/{type}/")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.replace(zone.absolute(q.args["name"]), q.args["type"], [])
