"""Xinnet API v2, resolution of domains.

https://apidoc.xin.cn/
As lego and a Python client of it (xinnet-api) use it: POST with JSON, HMAC-SHA256 over algorithm, time, method, path with a final slash and body, joined by
line feeds. Answers are {code: "0", msg, data, requestId}; names of records are absolute; create answers the record's number, an equal record is
refused; queryDomain knows the domain of a host, too. The words for an unknown domain and the answer to a wrong signature are guessed.
"""
import hashlib
import hmac

from fakelib import Bad, Fake, route


class Api(Fake):
    hosts = ("apiv2.xinnet.com",)
    creds = {"agent": "agent47110", "secret": "canaryxinnet3c8f0b9e71d2"}

    def auth(self, q):
        time = q.headers.get("Timestamp") or ""
        text = "\n".join(("HMAC-SHA256", time, q.method, q.raw_path, q.body.decode()))
        signature = hmac.new(self.creds["secret"].encode(), text.encode(), hashlib.sha256).hexdigest()
        return len(time) == 16 and q.headers.get("Authorization") == f"HMAC-SHA256 Access={self.creds['agent']}, Signature={signature}"

    def error(self, status, words):
        return status if status in (401, 403, 404, 409, 429, 500) else 200, {"code": "1", "msg": words, "data": None, "requestId": "pvl1VyyUQur3JB2vPfK"}

    def ok(self, data):
        return {"code": "0", "msg": "success", "data": data, "requestId": "pvl1VyyUQur3JB2vPfK"}

    no_zone = ("域名不存在", 400)

    @route("POST", "/api/dns/queryDomain/")
    def domain(self, q):
        name = q.json["domainName"]
        above = [z for z in self.store.zones if name == z or name.endswith("." + z)]
        zone = self.zone(max(above, key=len) if above else name)
        return self.ok({"id": zone.id, "name": zone.name})

    @route("POST", "/api/dns/queryRecordsPage/")
    def records(self, q):
        zone = self.zone(q.json["domainName"])
        if q.json["domainId"] != str(zone.id) or not isinstance(q.json["pageNo"], int):
            raise Bad("参数错误")
        items, pages = self.page(zone.records, q.json["pageNo"], q.json["pageSize"])
        return self.ok({"pageNo": q.json["pageNo"], "total": len(zone.records), "list": [
            {"recordId": r.id, "recordName": r.name, "type": r.type, "value": r.value, "line": "默认", "ttl": r.ttl, "mx": 0, "status": 0} for r in items]})

    @route("POST", "/api/dns/create/")
    def create(self, q):
        b = q.json
        zone = self.zone(b["domainName"])
        if not isinstance(b["ttl"], int) or b["line"] != "默认":
            raise Bad("参数错误")
        if zone.find(b["recordName"], b["type"], b["value"]):
            raise Bad("已存在相同的解析记录")
        return self.ok(zone.add(b["recordName"], b["type"], b["value"], b["ttl"]).id)

    @route("POST", "/api/dns/delete/")
    def delete(self, q):
        zone = self.zone(q.json["domainName"])
        zone.remove(self.record(zone, q.json["recordId"]))
        return self.ok(None)
