"""Rain Yun (雨云) API v2, domains and their DNS.

https://apifox.com/apidoc/shared-a4595cc8-44c5-4678-a2a3-eed7738dab03/
The list of domains has its page inside the JSON text `options`; the list of records has limit and page_no; both are {code, data:
{TotalRecords, Records}}; hosts are relative ("@" for the apex: assumed); POST answers no id. Errors are {code, message}.
"""
import json

from fakelib import Bad, Fake, header, route

DNS = "/product/domain/{id}/dns"


class Api(Fake):
    hosts = ("api.v2.rainyun.com",)
    creds = {"key": "canaryrainyun6sTq0Zx8Wm"}
    auth = header("x-api-key", "key")

    def denied(self, q):
        return 401, {"code": 30039, "message": "密钥认证错误或已失效"}

    def error(self, status, words):
        return status, {"code": 10000 + status, "message": words}

    def listed(self, items, number, size):
        return {"code": 200, "data": {"TotalRecords": len(items), "Records": self.page(items, number, size)[0]}}

    @route("GET", "/product/domain")
    def zones_list(self, q):
        o = json.loads(q.query["options"])
        if not isinstance(o["page"], int) or not isinstance(o["columnFilters"], dict):
            raise Bad("options are malformed")
        return self.listed([{"id": z.id, "domain": z.name} for z in self.store.zones.values()], o["page"], o["perPage"])

    @route("GET", DNS)
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        return self.listed([{"record_id": r.id, "host": zone.relative(r.name), "type": r.type, "TTL": r.ttl, "value": r.value, "line": "DEFAULT"}
                            for r in zone.records], q.query["page_no"], q.query["limit"])

    @route("POST", DNS)
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if body["line"] != "DEFAULT" or not isinstance(body["ttl"], int) or not isinstance(body["level"], int):
            raise Bad("parameter error")
        zone.add(zone.absolute(body["host"]), body["type"], body["value"], body["ttl"])
        return {"code": 200, "data": None}

    @route("DELETE", DNS)
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.query["record_id"]))
        return {"code": 200, "data": None}
