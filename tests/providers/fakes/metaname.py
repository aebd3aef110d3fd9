"""Metaname API 1.1, JSON-RPC 2.0.

https://metaname.net/api/1.1/doc
Account reference and API key are the first two parameters. Records have references (texts); names are relative, "@" at the apex; the TTL
is a number. Errors are {"error": {"code", "message"}} with status 200.
The words of errors are assumed.
"""
from fakelib import Fake, public, route


class Api(Fake):
    hosts = ("metaname.net",)
    creds = {"account": "kt42", "key": "canary-metaname-QxT7pYp1IcuV"}

    def error(self, status, words):
        words = "Authentication failed " + words if status == 401 else words
        return (200 if status in (400, 401, 404) else status), {"jsonrpc": "2.0", "id": None, "error": {"code": -status, "message": words}}

    quota_status = 400

    @public
    @route("POST", "/api/1.1")
    def rpc(self, q):
        b = q.json
        if b["jsonrpc"] != "2.0" or not b.get("id") or b["method"] not in ("create_dns_record", "delete_dns_record", "dns_zone"):
            return self.error(400, "Method not found")
        if b["params"][:2] != [self.creds["account"], self.creds["key"]]:
            return self.error(401, "")
        return {"jsonrpc": "2.0", "id": b["id"], "result": getattr(self, b["method"])(self.zone(b["params"][2]), *b["params"][3:])}

    def dns_zone(self, zone):
        return [{"reference": f"r{r.id}", "name": zone.relative(r.name), "type": r.type, "aux": None, "ttl": r.ttl, "data": r.value}
                for r in zone.records]

    def create_dns_record(self, zone, r):
        if not isinstance(r["ttl"], int) or "aux" not in r:
            raise ValueError("ttl")
        return f"r{zone.add(zone.absolute(r['name']), r['type'], r['data'], r['ttl']).id}"

    def delete_dns_record(self, zone, reference):
        zone.remove(self.record(zone, reference[1:]))
