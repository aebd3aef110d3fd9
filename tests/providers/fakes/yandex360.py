"""Yandex 360 directory API, DNS of a domain.

https://yandex.ru/dev/api360/doc/ref/DomainDNSService/
Records have numbers as ids (recordId), are listed in pages (page, perPage; pages and total in the answer), have relative names ("@" at
the apex) and type-specific members ("text" for TXT). DELETE answers {}. Errors are {code, message, details}.
"""
from fakelib import Bad, Fake, header, route

DNS = "/directory/v1/org/{org}/domains/{zone}/dns"


class Api(Fake):
    hosts = ("api360.yandex.net",)
    creds = {"token": "y0_canary360AgAAAAAqLx9", "organization": "7713042"}
    page_most = 50
    auth = header("Authorization", "token", "OAuth ", denied="Unauthorized")

    def error(self, status, words):
        return status, {"code": 5 if status == 404 else 3, "message": words, "details": [{"@type": "type.googleapis.com/kit"}]}

    def zone_of(self, q):
        if q.args["org"] != self.creds["organization"]:
            raise Bad("organization not found", 403)
        return self.zone(q.args["zone"])

    def shown(self, zone, r):
        where = {"TXT": "text", "MX": "exchange", "CNAME": "target"}.get(r.type, "address")
        return {"recordId": r.id, "type": r.type, "name": zone.relative(r.name), "ttl": r.ttl, where: r.value}

    @route("GET", DNS)
    def records(self, q):
        zone = self.zone_of(q)
        items, pages = self.page(zone.records, q.query.get("page"), q.query.get("perPage", 10))
        return {"page": int(q.query.get("page", 1)), "pages": pages, "perPage": len(items), "total": len(zone.records),
                "records": [self.shown(zone, r) for r in items]}

    @route("POST", DNS)
    def create(self, q):
        zone, body = self.zone_of(q), q.json
        if not isinstance(body.get("ttl", 21600), int):
            raise Bad("ttl: invalid value", 400)
        return self.shown(zone, zone.add(zone.absolute(body["name"]), body["type"], body["text"], body.get("ttl", 21600)))

    @route("DELETE", DNS + "/{id}")
    def delete(self, q):
        zone = self.zone_of(q)
        zone.remove(self.record(zone, q.args["id"]))
        return {}
