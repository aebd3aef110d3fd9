"""DNSimple API v2: accounts, zones, zone records, distribution.

https://developer.dnsimple.com/v2/zones/records/
https://developer.dnsimple.com/v2/accounts/
Everything is below "data"; names are relative, "" at the apex; TXT content comes back in quotes; a record that equals another one is
refused with 400; lists are paged by page and per_page (30, at most 100). 429 has no Retry-After but X-RateLimit-Reset; the framework's is kept.
"""
from fakelib import Fake, bearer, loose, quote, route

RECORDS = "/v2/{account}/zones/{zone}/records"


class Api(Fake):
    hosts = ("api.dnsimple.com",)
    creds = {"token": "canary-dnsimple_a_Zk81qWm0tB7"}
    auth = bearer("token", denied="Authentication failed")
    accounts = (1385, 1010)  # the zones are in the second one

    def error(self, status, words):
        return status, {"message": words, **({"errors": {"base": [words]}} if status == 400 else {})}

    def mine(self, q):
        if q.args["account"] != str(self.accounts[1]):
            return self.zone("of-another-account")
        return self.zone(q.args["zone"])

    def shown(self, zone, r):
        return {"id": r.id, "zone_id": zone.name, "parent_id": None, "name": zone.relative(r.name, ""), "ttl": r.ttl, "priority": None,
                "content": quote(r.value) if r.type == "TXT" else r.value, "type": r.type, "regions": ["global"], "system_record": False}

    @route("GET", "/v2/accounts")
    def accounts_list(self, q):
        return {"data": [{"id": a, "email": f"{a}@example.test", "plan_identifier": "dnsimple-personal"} for a in self.accounts]}

    @route("GET", "/v2/{account}/zones/{zone}", absent=True)
    def zone_get(self, q):
        zone = self.mine(q)
        return {"data": {"id": zone.id, "account_id": self.accounts[1], "name": zone.name, "reverse": False, "active": True}}

    @route("GET", RECORDS)
    def records(self, q):
        zone, p = self.mine(q), q.query
        name = zone.absolute(p["name"]) if "name" in p else None
        size, number = self.page_size(p.get("per_page", 30)), int(p.get("page", 1))
        found = zone.find(name, p.get("type"))
        items, pages = self.page(found, number, size)
        return {"data": [self.shown(zone, r) for r in items],
                "pagination": {"current_page": number, "per_page": size, "total_entries": len(found), "total_pages": pages}}

    @route("POST", RECORDS)
    def create(self, q):
        zone, body = self.mine(q), q.json
        name, value = zone.absolute(body["name"]), loose(body["content"])
        if zone.find(name, body["type"], value):
            return self.error(400, "Zone record already exists")
        if not isinstance(body.get("ttl", 3600), int):
            return self.error(400, "ttl is not a number")
        return 201, {"data": self.shown(zone, zone.add(name, body["type"], value, body.get("ttl", 3600)))}

    @route("DELETE", RECORDS + "/{id}")
    def delete(self, q):
        zone = self.mine(q)
        zone.remove(self.record(zone, q.args["id"]))

    @route("GET", "/v2/{account}/zones/{zone}/distribution")
    def distribution(self, q):
        self.mine(q)
        return {"data": {"distributed": True}}
