"""West.cn API v2, records of domains; and 35.com, which is the same platform.

https://www.west.cn/CustomerCenter/doc/domain_v2.html
Forms with username, time (ms) and token = MD5(user, password, time), valid for ten minutes; act stands in the query. Answers are JSON in GBK, always
with status 200: result 200, or 500 with errcode (10000 login, 10002 address, 20001 no such domain, 20118 is there already, 20120 no such id,
30001 nothing found) and words. "@" is the apex; lists have pages.
"""
import hashlib
import json
import time

from fakelib import Answer, Bad, Fake, route

CODES = {401: 10000, 403: 10002, 404: 20001, 422: 20116, 400: 20000}


class Api(Fake):
    hosts = ("api.west.cn",)
    creds = {"user": "kituser", "password": "canary-westcn-7Yq2Rm"}
    page_most = 1000

    def auth(self, q):
        f = q.form
        right = hashlib.md5((self.creds["user"] + self.creds["password"] + f.get("time", "")).encode()).hexdigest()
        return f.get("username") == self.creds["user"] and f.get("token") == right and abs(int(f["time"]) / 1000 - time.time()) < 600

    def gbk(self, what):
        return Answer(200, json.dumps({"clientid": "54880064508339547956", **what}, ensure_ascii=False).encode("gbk"))

    def code(self, number, words):
        return self.gbk({"result": 500, "msg": "错误：" + words, "errcode": number})

    def error(self, status, words):
        return self.code(CODES[status], words) if status in CODES else (status, words)

    def ok(self, **data):
        return self.gbk({"result": 200, **({"data": data} if data else {})})

    @route("POST", "/api/v2/domain/")
    def call(self, q):
        return getattr(self, "do_" + q.query["act"])(self.zone(q.form["domain"]), q.form)

    def do_adddnsrecord(self, zone, f):
        name = zone.absolute(f["host"])
        if not 60 <= int(f["ttl"]) <= 86400:
            raise Bad("ttl")
        if zone.find(name, f["type"], f["value"]):
            return self.code(20118, "记录已经存在")
        return self.ok(id=zone.add(name, f["type"], f["value"], f["ttl"]).id)

    def do_getdnsrecord(self, zone, f):
        number = int(f.get("pageno", 1))
        items, pages = self.page(zone.records, number, f.get("limit", 20))
        if not items:
            return self.code(30001, "没有数据")
        return self.ok(pageno=number, limit=len(items), total=len(zone.records), totalpages=pages, items=[
            {"id": r.id, "item": zone.relative(r.name), "value": r.value, "type": r.type, "level": 10, "ttl": r.ttl, "line": "", "pause": 0}
            for r in items])

    def do_deldnsrecord(self, zone, f):
        found = zone.find(id=f["id"])
        if not found:
            return self.code(20120, "记录不存在")
        zone.remove(found[0])
        return self.ok()


class Com35(Api):
    hosts = ("api.35.cn",)
    creds = {"user": "kit35", "password": "canary-com35-0Hs8Vd"}
