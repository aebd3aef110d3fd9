"""Porkbun API v3.

https://porkbun.com/api/json/v3/documentation
Everything is POST with both keys in the JSON body; names are written relative ("" at the apex) and read absolute; TTL, priority and
ids are texts; TTL 600 at least; errors have status ERROR and a message, with HTTP status 400. There is nothing like pages. The words of errors
are assumed.
"""
from fakelib import Bad, Fake, given, route, told, WORDS


class Api(Fake):
    hosts = ("api.porkbun.com",)
    creds = {"key": "pk1_canary_62f1c0d9e4", "secret": "sk1_canary_9ab07d33c8"}

    auth = given("json", {"apikey": "key", "secretapikey": "secret"}, denied=(400, "Invalid API key. (001)"))

    error = told({"status": "ERROR", "message": WORDS})

    no_zone = ("Invalid domain.", 400)

    @route("POST", "/api/json/v3/dns/create/{zone}")
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if body["type"] not in ("A", "AAAA", "MX", "CNAME", "ALIAS", "TXT", "NS", "SRV", "TLSA", "CAA"):
            raise Bad("Invalid type.")
        if not body["content"] or not isinstance(body.get("ttl", ""), str):
            raise Bad("We were unable to create the DNS record.")
        r = zone.add(zone.absolute(body.get("name", "")), body["type"], body["content"], max(600, int(body.get("ttl") or 600)))
        return {"status": "SUCCESS", "id": r.id}

    @route("POST", "/api/json/v3/dns/retrieve/{zone}")
    def retrieve(self, q):
        zone = self.zone(q.args["zone"])
        return {"status": "SUCCESS", "records": [{"id": str(r.id), "name": r.name, "type": r.type, "content": r.value, "ttl": str(r.ttl),
                                                  "prio": "0", "notes": ""} for r in zone.records]}

    @route("POST", "/api/json/v3/dns/delete/{zone}/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        found = zone.find(id=q.args["id"])
        if not found:
            raise Bad("Invalid record ID.")
        zone.remove(found[0])
        return {"status": "SUCCESS"}
