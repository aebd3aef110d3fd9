"""Zilore DNS API v1, records.

https://zilore.com/en/help/api
Parameters are form fields record_type, record_ttl, record_name, record_value; names are absolute, TXT values in quotes; lists have offset
and limit (the filters by name and type do nothing); ids are texts in lists and numbers when made. Answers are {status: ok, response} or
{status: fail, error: {code, message}, details}.
"""
from fakelib import Bad, Fake, header, quote, route, told, unquote, WORDS

RECORDS = "/dns/v1/domains/{zone}/records"


class Api(Fake):
    hosts = ("api.zilore.com",)
    creds = {"key": "canary-zilore-0f3a81c2-77bd"}
    auth = header("X-Auth-Key", "key")

    def denied(self, q):
        return 401, {"status": "fail", "error": {"code": 3, "message": "Authorization failed"}, "details": ""}

    error = told({"status": "fail", "error": {"code": 9, "message": WORDS}, "details": ""})

    @route("GET", RECORDS)
    def records(self, q):
        zone, at = self.zone(q.args["zone"]), int(q.query.get("offset", 0))
        return {"status": "ok", "response": [
            {"record_id": str(r.id), "record_type": r.type, "ttl": str(r.ttl), "record_name": r.name, "record_status": "active",
             "record_value": quote(r.value) if r.type == "TXT" else r.value}
            for r in zone.records[at:at + self.page_size(q.query.get("limit"))]]}

    @route("POST", RECORDS)
    def create(self, q):
        zone, p = self.zone(q.args["zone"]), q.params
        if p["record_type"] != "TXT" or int(p["record_ttl"]) < 600:
            raise Bad("Wrong TTL")
        r = zone.add(p["record_name"].lower(), "TXT", unquote(p["record_value"]), int(p["record_ttl"]))
        return {"status": "ok", "response": {"record_id": r.id, "record_status": "added"}}

    @route("DELETE", RECORDS)
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.query["record_id"]))
        return {"status": "ok", "response": {"record_status": "deleted"}}
