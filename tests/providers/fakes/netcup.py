"""netcup CCP API, JSON endpoint.

https://ccp.netcup.net/run/webservice/servers/endpoint.php and https://www.netcup-wiki.de/wiki/CCP_API
One URL; action and param in the body; a session from login. Always status 200; status, statuscode and longmessage tell. Ids are texts;
host names are relative, "@" at the apex; there is no TTL for records. A record to be deleted is sent with deleterecord.
The codes of a wrong login and of an unknown domain are assumed.
"""
from fakelib import Fake, public, route


class Api(Fake):
    hosts = ("ccp.netcup.net",)
    creds = {"customer": "187045", "key": "canary-netcup-key-91Zp2mV0", "password": "canary-netcup-pw-6Yt0sLq3"}

    def setup(self):
        self.sessions = set()

    def answer(self, code, words, data=""):
        return {"serverrequestid": "YxTr4EzdbJ101T211zR4yzUEMVE", "clientrequestid": "", "action": self.action,
                "status": "success" if code < 3000 else "error", "statuscode": code, "shortmessage": words, "longmessage": words,
                "responsedata": data}

    def error(self, status, words):
        return (200 if status in (400, 401, 403, 404, 422) else status), self.answer({401: 4001, 403: 4001, 404: 5029}.get(status,
            4013), words)

    action = ""

    @public
    @route("POST", "/run/webservice/servers/endpoint.php")
    def call(self, q):
        if q.raw_query != "JSON":
            return self.error(404, "no such endpoint")
        self.action, p = q.json["action"], q.json["param"]
        if self.action not in ("login", "logout", "infoDnsRecords", "updateDnsRecords"):
            return self.answer(4013, "Validation Error: unknown action")
        if (p["customernumber"], p["apikey"]) != (self.creds["customer"], self.creds["key"]):
            return self.answer(4013, "The login to the API has failed: wrong data")
        if self.action != "login" and p["apisessionid"] not in self.sessions:
            return self.answer(4001, "The session id is not in a valid format.")
        return getattr(self, "do_" + self.action)(p)

    def do_login(self, p):
        if p["apipassword"] != self.creds["password"]:
            return self.answer(4013, "The login to the API has failed: wrong data")
        session = f"session{self.store.new_id()}"
        self.sessions.add(session)
        return self.answer(2000, "Login successful", {"apisessionid": session})

    def do_logout(self, p):
        self.sessions.discard(p["apisessionid"])
        return self.answer(2000, "Logout successful")

    def listed(self, zone):
        return {"dnsrecords": [{"id": str(r.id), "hostname": zone.relative(r.name), "type": r.type, "priority": "0", "destination": r.value,
                                "deleterecord": False, "state": "yes"} for r in zone.records]}

    def do_infoDnsRecords(self, p):
        return self.answer(2000, "DNS records found", self.listed(self.zone(p["domainname"])))

    def do_updateDnsRecords(self, p):
        zone = self.zone(p["domainname"])
        for r in p["dnsrecordset"]["dnsrecords"]:
            if r.get("id"):
                found = zone.find(zone.absolute(r["hostname"]), r["type"], r["destination"], id=r["id"])
                if not found or not isinstance(r["id"], str) or r.get("deleterecord") is not True:
                    return self.answer(4013, "Validation Error. DNS record does not exist")
                zone.remove(found[0])
            else:
                zone.add(zone.absolute(r["hostname"]), r["type"], r["destination"])
        return self.answer(2000, "DNS records successful updated", self.listed(zone))
