"""GNAME API, resolution records.

https://www.gname.com/domain/api/jiexi/add
Forms signed by gntoken: the MD5 in upper case of the escaped fields in the order of their names, followed by the APPKEY. Everything is
answered with status 200 and a code, 1 for success. Records are listed in pages; equal ones are refused; "@" is the apex.
"""
import hashlib
import time
import urllib.parse

from fakelib import Bad, Fake, route, told, WORDS


class Api(Fake):
    hosts = ("api.gname.com",)
    creds = {"id": "gn4711kit", "key": "canary-gname-Jp4hTz9qV0"}
    page_most = 1000

    def auth(self, q):
        form = dict(q.form)
        token = form.pop("gntoken", None)
        text = urllib.parse.urlencode(sorted(form.items())) + self.creds["key"]
        right = hashlib.md5(text.encode()).hexdigest().upper()
        return form.get("appid") == self.creds["id"] and token == right and abs(int(form.get("gntime", 0)) - time.time()) < 600

    def denied(self, q):
        return self.error(200, "Sorry,APPID  is invalid" if q.form.get("appid") != self.creds["id"] else "gntoken is wrong")

    error = told({"code": -1, "msg": WORDS, "data": "", "requestid": "20260108-085550-3762-0674"})

    quota_status = 200

    no_zone = ("domain does not exist", 200)

    def record(self, zone, id):
        for record in zone.find(id=id):
            return record
        raise Bad("the resolution record does not exist", 200)

    @route("POST", "/api/resolution/add")
    def add(self, q):
        zone, f = self.zone(q.form["ym"]), q.form
        name = zone.absolute(f["zj"])
        if int(f["ttl"]) < 120:
            return self.error(200, "ttl is too small")
        if zone.find(name, f["lx"], f["jlz"]):
            return self.error(200, "There are the same host records and record values")
        return {"code": 1, "msg": "make domain resolution successfully", "data": zone.add(name, f["lx"], f["jlz"], int(f["ttl"])).id}

    @route("POST", "/api/resolution/list")
    def list(self, q):
        zone = self.zone(q.form["ym"])
        found = zone.find(type=q.form.get("lx"))
        items, _ = self.page(found, q.form.get("page"), q.form.get("limit"))
        return {"code": 1, "msg": "ok", "count": len(found), "data": [
            {"id": str(r.id), "ym": zone.name, "zjt": zone.relative(r.name), "lx": r.type, "jxz": r.value, "mx": "0", "ttl": str(r.ttl)}
            for r in items]}

    @route("POST", "/api/resolution/delete")
    def delete(self, q):
        zone = self.zone(q.form["ym"])
        zone.remove(self.record(zone, q.form["jxid"]))
        return {"code": 1, "msg": "delete domain resolution successfully", "data": ""}
