"""Exoscale API v2, DNS.

https://openapi-v2.exoscale.com/topic/topic-api-request-signature  https://openapi-v2.exoscale.com/group/endpoint-dns
EXO2-HMAC-SHA256 over "METHOD path", body, the values of signed query parameters, signed headers and the time of expiry, a line each. Changes are
operations, asked at /operation/{id} until their state is success. Names are relative, "" at the apex; TXT content may come back in quotes.
"""
import base64
import hashlib
import hmac
import re
import time
import uuid

from fakelib import Bad, Fake, quote, route

RECORDS = "/v2/dns-domain/{id}/record"


class Api(Fake):
    hosts = ("api-ch-gva-2.exoscale.com",)
    creds = {"key": "EXOkit0c1d2e3f", "secret": "canary-exoscale-Wb93k0Zt"}

    def setup(self):
        self.jobs = {}

    def zone_id(self, name, number):
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))

    def uuid(self, r):
        return str(uuid.uuid5(uuid.NAMESPACE_URL, str(r.id)))

    def auth(self, q):
        given = re.fullmatch(r"EXO2-HMAC-SHA256 credential=(\w+),(?:signed-query-args=[\w;-]*,)?expires=(\d+),signature=(.+)",
                             q.headers.get("Authorization", ""))
        if not given or given[1] != self.creds["key"] or not time.time() < int(given[2]) < time.time() + 3600:
            return False
        text = "%s %s\n%s\n\n\n%s" % (q.method, q.raw_path, q.body.decode(), given[2])
        return given[3] == base64.b64encode(hmac.new(self.creds["secret"].encode(), text.encode(), hashlib.sha256).digest()).decode()

    def denied(self, q):
        return self.error(403, "Invalid credentials")

    def job(self, r):
        id = str(uuid.uuid4())
        self.jobs[id] = 1
        return {"id": id, "state": "pending", "reference": {"id": self.uuid(r), "command": "", "link": ""}}

    @route("GET", "/v2/operation/{id}")
    def operation(self, q):
        if q.args["id"] not in self.jobs:
            raise Bad("Operation not found", 404)
        self.jobs[q.args["id"]] -= 1
        return {"id": q.args["id"], "state": "pending" if self.jobs[q.args["id"]] > 0 else "success"}

    @route("GET", "/v2/dns-domain")
    def zones_list(self, q):
        return {"dns-domains": [{"id": z.id, "unicode-name": z.name, "created-at": "2026-01-01T00:00:00Z"} for z in self.store.zones.values()]}

    @route("GET", RECORDS)
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        return {"dns-domain-records": [{"id": self.uuid(r), "name": zone.relative(r.name, ""), "type": r.type, "ttl": r.ttl,
                                        "content": quote(r.value) if r.type == "TXT" else r.value} for r in zone.records]}

    @route("POST", RECORDS)
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(body["ttl"], int):
            raise Bad("ttl: not a number")
        return self.job(zone.add(zone.absolute(body["name"]), body["type"], body["content"], body["ttl"]))

    @route("DELETE", RECORDS + "/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        for r in zone.records:
            if self.uuid(r) == q.args["rid"]:
                zone.remove(r)
                return self.job(r)
        raise Bad("Record not found", 404)
