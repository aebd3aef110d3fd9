"""DNSExit DNS API.

https://dnsexit.com/dns/dns-api/
One URL takes lists of changes of a domain. Code 0 is success; 1 is "some execution problems" that need not be a failure: what was to be
added is there already (not added again), what was to be deleted is not. Others are errors, with status 200. TTLs are minutes. Whether the
status of errors is always 200 is not documented.
That code 1 is the answer to doubles and to absent records is assumed.
"""
from fakelib import Fake, header, route

CODES = {401: 2, 403: 2, 404: 4}


class Api(Fake):
    hosts = ("api.dnsexit.com",)
    creds = {"key": "canary-dnsexit-81aPq0Zx"}
    auth = header("apikey", "key", denied="API Key Authentication Error")

    def error(self, status, words):
        return (200 if status == 401 else status), {"code": CODES.get(status, 3), "message": words}

    @route("POST", "/dns/")
    def update(self, q):
        b, details, code = q.json, [], 0
        zone = self.zone(b["domain"])
        for r in b.get("add", []):
            name = zone.absolute(r["name"])
            if not isinstance(r.get("ttl", 480), int):
                return self.error(400, "TTL is in minutes")
            if zone.find(name, r["type"], r["content"]):
                code, details = 1, details + [f"Record {r['type']} {name} already exists"]
            else:
                zone.add(name, r["type"], r["content"], r.get("ttl", 480) * 60)
                details.append(f"ADD Record {r['type']} {name}")
        for r in b.get("delete", []):
            found = zone.find(zone.absolute(r["name"]), r["type"], r.get("content"))
            for f in found:
                zone.remove(f)
            code = code if found else 1
        return {"code": code, "details": details, "message": "Success" if not code else "Some Execution problems"}
