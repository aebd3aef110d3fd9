"""AxelName REST API.

https://axelname.ru/static/content/files/axelname_api_rest_lite.pdf
Everything is GET with nichdl and token in the query; answers {result: success, code, message} or {result: error, error_code, error_text},
the latter with status 200 too. A record is added by its relative name and listed by its complete one; ids are texts; no TTL.
"""
from fakelib import Bad, Fake, given, route, told, WORDS


class Api(Fake):
    hosts = ("my.axelname.ru",)
    creds = {"nickname": "KIT-AXL", "token": "canary-axelname-8wQ1zLm5"}

    auth = given("query", {"nichdl": "nickname", "token": "token"}, denied=(200, "Wrong token"))

    error = told({"error_code": "1", "error_text": WORDS, "result": "error"})

    quota_status = 200

    no_zone = ("Domain not found", 200)

    @route("GET", "/rest/dns_list")
    def list(self, q):
        zone = self.zone(q.query["domain"])
        return {"code": "OK", "message": "DNS-records", "count": len(zone.records), "result": "success",
                "list": [{"id": str(r.id), "name": r.name, "type": r.type, "value": r.value} for r in zone.records]}

    @route("GET", "/rest/dns_add")
    def add(self, q):
        zone = self.zone(q.query["domain"])
        zone.add(zone.absolute(q.query["name"]), q.query["type"], q.query["value"], 3600)
        return {"code": "OK", "message": "DNS record added", "result": "success"}

    @route("GET", "/rest/dns_delete")
    def delete(self, q):
        zone = self.zone(q.query["domain"])
        found = zone.find(q.query["name"], q.query["type"], q.query["value"], q.query["id"])
        if not found:
            raise Bad("Record not found", 200)
        zone.remove(found[0])
        return {"code": "OK", "message": "DNS record deleted", "result": "success"}
