"""Huawei Cloud DNS v2.

https://support.huaweicloud.com/intl/en-us/api-dns/dns_api_60002.html
Names end with a dot, TXT values are in quotes; `name` is a fuzzy filter unless search_mode=equal. Paged by limit and offset. One set for
a name and type: creating it again is DNS.0312 (400). PUT replaces; at least one record must stay. Changes are answered 202.
"""
import signed
from fakelib import Bad, Fake, quote, route, unquote

SETS = "/v2/zones/{zone}/recordsets"


class Api(Fake):
    hosts = ("dns.cn-north-4.myhuaweicloud.com",)
    creds = {"id": "QTWAHUAWEIEXAMPLE00", "secret": "canary-huawei-Pp9Oo8Ii7Uu6"}
    page_most = 500

    def zone_id(self, name, number):
        return f"2c9eb1555aaaa{number:019x}"

    def auth(self, q):
        return signed.huawei(q, self.creds["id"], self.creds["secret"])

    def denied(self, q):
        return 401, {"error_code": "APIGW.0301", "error_msg": "Incorrect IAM authentication information", "request_id": "r"}

    def error(self, status, words, code=None):
        codes = {401: "APIGW.0301", 403: "DNS.0030", 404: "DNS.0302", 429: "APIGW.0308", 500: "DNS.0000"}
        return status, {"code": code or codes.get(status, "DNS.0001"), "message": words}

    def quota(self, words):
        return self.error(400, words, "DNS.0403")

    def listed(self, q, key, items):
        start, n = int(q.query.get("offset", 0)), self.page_size(q.query.get("limit", 500))
        return {"links": {"self": "https://x"}, key: items[start:start + n], "metadata": {"total_count": len(items)}}

    def fits(self, q, name):
        wanted = q.query.get("name", "")
        return name == wanted if q.query.get("search_mode") == "equal" and wanted else wanted in name

    @route("GET", "/v2/zones")
    def zones_list(self, q):
        return self.listed(q, "zones", [{"id": z.id, "name": z.name + ".", "zone_type": "public", "status": "ACTIVE"}
                                        for z in self.store.zones.values() if self.fits(q, z.name + ".")])

    def set_id(self, name, type):
        return f"ff8080825b{name.encode().hex()}{type.lower()}"

    def shown(self, zone, name, type):
        found = zone.find(name, type)
        return {"id": self.set_id(name, type), "name": name + ".", "type": type, "ttl": found[0].ttl, "status": "ACTIVE", "zone_id": zone.id,
                "zone_name": zone.name + ".", "records": [quote(r.value) if type == "TXT" else r.value for r in found], "default": False}

    @route("GET", SETS)
    def sets(self, q):
        zone = self.zone_by_id(q.args["zone"])
        keys = dict.fromkeys((r.name, r.type) for r in zone.records)
        return self.listed(q, "recordsets", [self.shown(zone, n, t) for n, t in keys
                                             if q.query.get("type") in (None, t) and self.fits(q, n + ".")])

    def checked(self, body):
        if not body["name"].endswith(".") or not isinstance(body.get("ttl", 300), int) or not body["records"]:
            raise Bad("name, ttl or records")
        return [unquote(v) if body["type"] == "TXT" else v for v in body["records"]]

    @route("POST", SETS)
    def create(self, q):
        zone, body = self.zone_by_id(q.args["zone"]), q.json
        values, name = self.checked(body), body["name"][:-1]
        if zone.find(name, body["type"]):
            return self.error(400, "the record set exists", "DNS.0312")
        zone.replace(name, body["type"], values, body.get("ttl", 300))
        return 202, self.shown(zone, name, body["type"])

    def key(self, zone, id):
        for r in zone.records:
            if self.set_id(r.name, r.type) == id:
                return r.name, r.type
        raise Bad("no such record set", 404)

    @route("PUT", SETS + "/{id}")
    def put(self, q):
        zone, body = self.zone_by_id(q.args["zone"]), q.json
        try:
            name, type = self.key(zone, q.args["id"])
        except Bad:
            return self.error(404, "no such record set", "DNS.0313")
        zone.replace(name, type, self.checked({"type": type, **body}), body.get("ttl", 300))
        return 202, self.shown(zone, name, type)

    @route("DELETE", SETS + "/{id}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["zone"])
        try:
            name, type = self.key(zone, q.args["id"])
        except Bad:
            return self.error(404, "no such record set", "DNS.0313")
        shown = self.shown(zone, name, type)
        zone.replace(name, type, [])
        return 202, shown
