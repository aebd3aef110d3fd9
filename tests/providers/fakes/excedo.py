"""Excedo DNS API.

https://excedo.se/ (no public reference: shapes are those recorded by lego, codes those of EPP)
A session token by GET with the key. Names are relative when written, absolute in the list, which is an object by zone; ids and TTLs are
texts there. Deleting takes multipart. Always status 200; codes 1000 and 1300 are success.
"""
import re

from fakelib import Bad, Fake, public, route, session

CODES = {401: 2200, 403: 2201, 404: 2303}


class Api(Fake):
    creds = {"key": "canary-excedo-key-8q2MvT"}

    auth = session()

    def error(self, status, words):
        return (200 if status in (400, 401, 403, 404, 422) else status), {"code": CODES.get(status, 2003), "desc": words, "runtime": 0.05}

    @public
    @route("GET", "/authenticate/login/")
    def login(self, q):
        if q.bearer != self.creds["key"]:
            return self.error(401, "Authentication error")
        token = f"token{self.store.new_id()}"
        self.tokens.add(token)
        return {"code": 1000, "desc": "Command completed successfully", "parameters": {"token": token}}

    @route("GET", "/dns/getrecords/")
    def records(self, q):
        zone = self.zone(q.query["domainname"])
        return {"code": 1000, "desc": "Command completed successfully", "dns": {zone.name: {"dnstype": "type",
            "recordusage": {"used": 7}, "records": [
            {"recordid": str(r.id), "name": r.name, "type": r.type, "content": r.value, "ttl": str(r.ttl), "prio": None}
                for r in zone.records]}}}

    @route("POST", "/dns/addrecord/")
    def add(self, q):
        zone = self.zone(q.form["domainname"])
        record = zone.add(zone.absolute(q.form["name"]), q.form["type"], q.form["content"], q.form["ttl"])
        return {"code": 1000, "desc": "Command completed successfully", "recordid": record.id}

    @route("POST", "/dns/deleterecord/")
    def delete(self, q):
        if "multipart/form-data" not in q.headers["Content-Type"]:
            raise Bad("Required parameter missing")
        parts = dict(re.findall(rb'name="(\w+)"\r\n\r\n(.*?)\r\n--', q.body, re.S))
        zone = self.zone(parts[b"domainname"].decode())
        zone.remove(self.record(zone, parts[b"recordid"].decode()))
        return {"code": 1000, "desc": "Command completed successfully"}
