"""Active24 REST API v2 and its sister Websupport.

https://rest.active24.cz/v2/docs/intro and https://rest.active24.cz/docs/v1.service#services
Basic authentication with hex(HMAC-SHA1(secret, "METHOD path time")), the time being the one of the header Date (RFC 3339). A zone is a
service; one of the name "domain". Records are given by relative name ("" at the apex) and listed by absolute name, in pages; filters do not
work; what is made answers 204 without a body. Errors are {type, status, title}.
"""
import datetime
import hashlib
import hmac
import time

from fakelib import Fake, route, STATUS, told, WORDS

V2 = "/v2/service/{id}/dns/record"


class Api(Fake):
    hosts = ("rest.active24.cz",)
    creds = {"key": "canary5f0e24identifier", "secret": "canary-active24-7cQm9LzT"}

    def auth(self, q):
        try:
            when = datetime.datetime.fromisoformat(q.headers["Date"].replace("Z", "+00:00")).timestamp()
        except (KeyError, ValueError, AttributeError):
            return False
        mac = hmac.new(self.creds["secret"].encode(), f"{q.method} {q.path} {int(when)}".encode(), hashlib.sha1).hexdigest()
        return abs(when - time.time()) < 300 and q.basic == (self.creds["key"], mac)

    error = told({"type": "/errors/httpException", "status": STATUS, "title": WORDS})

    @route("GET", "/v1/user/self/service")
    def services(self, q):
        items = [{"id": z.id, "serviceName": "domain", "status": "active", "name": z.name, "createTime": 1, "autoExtend": False}
                 for z in self.store.zones.values()]
        items[:0] = [{"id": 7, "serviceName": "The Hosting", "status": "active", "name": "example.test", "createTime": 1}]
        return {"items": items, "pager": {"page": 1, "pagesize": None, "items": len(items)}}

    @route("GET", V2)
    def records(self, q):
        zone, number, size = self.zone_by_id(q.args["id"]), int(q.query.get("page", 1)), self.page_size(q.query.get("rowsPerPage", 20))
        part, pages = self.page(zone.records, number, size)
        return {"currentPage": number, "rowsPerPage": size, "totalPages": pages, "totalRecords": len(zone.records), "actions": {}, "data": [
            {"id": r.id, "type": r.type, "name": r.name, "content": r.value, "ttl": r.ttl} for r in part]}

    @route("POST", V2)
    def create(self, q):
        zone, b = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(b["ttl"], int):
            return self.error(422, "The given data was invalid.")
        zone.add(zone.absolute(b["name"]), b["type"], b["content"], b["ttl"])

    @route("DELETE", V2 + "/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["rid"]))


class Websupport(Api):
    hosts = ("rest.websupport.sk",)
