"""DNS Made Easy API V2.0, managed DNS.

https://api-docs.dnsmadeeasy.com/
Each request has the date (at most 30 s off) and hex(HMAC-SHA1(secret, date)); names are relative, "" at the apex; the value of a TXT
record is in quotes and comes back so; equal records are refused with 400; a domain that is not in the account is 404; DELETE answers
200. Errors are {error: [words]}; too many requests are 400 "Rate limit exceeded" (150 in five minutes).
"""
import email.utils
import hashlib
import hmac
import time

from fakelib import Answer, answer_of, Bad, Fake, loose, quote, route, told, WORDS

RECORDS = "/V2.0/dns/managed/{id}/records"


class Api(Fake):
    hosts = ("api.dnsmadeeasy.com",)
    creds = {"key": "canarydme-1c1a3c91-4770-4ce7", "secret": "canarydme-c9b5625f-9834-4ff8"}

    def auth(self, q):
        date = q.headers.get("x-dnsme-requestDate") or ""
        when = email.utils.parsedate_to_datetime(date).timestamp() if date else 0
        mac = hmac.new(self.creds["secret"].encode(), date.encode(), hashlib.sha1).hexdigest()
        return q.headers.get("x-dnsme-apiKey") == self.creds["key"] and q.headers.get("x-dnsme-hmac") == mac and abs(time.time() - when) < 30

    def denied(self, q):
        return self.error(403, "API key not found or request not authenticated")

    error = told({"error": [WORDS]})

    def limited(self, words, after):
        return answer_of(self.error(400, "Rate limit exceeded: " + words))

    def shown(self, zone, r):
        return {"id": r.id, "type": r.type, "name": zone.relative(r.name, ""), "value": quote(r.value) if r.type == "TXT" else r.value,
                "ttl": r.ttl, "sourceId": zone.id, "source": 1, "failover": False, "monitor": False, "gtdLocation": "DEFAULT",
                "dynamicDns": False, "failed": False, "hardLink": False}

    @route("GET", "/V2.0/dns/managed/name", absent=True)  # the answer for a domain that is not there
    def by_name(self, q):
        zone = self.zone(q.query["domainname"])
        return {"id": zone.id, "name": zone.name, "folderId": 1, "nameServers": [], "updated": 1, "created": 1}

    @route("GET", RECORDS)
    def records(self, q):
        zone, p = self.zone_by_id(q.args["id"]), q.query
        name = zone.absolute(p["recordName"]) if p.get("recordName") else None  # an empty filter is none
        number, found = int(p.get("page", 0)), zone.find(name, p.get("type"))
        items, pages = self.page(found, number + 1)
        return {"totalRecords": len(found), "totalPages": pages, "page": number, "data": [self.shown(zone, r) for r in items]}

    @route("POST", RECORDS)
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        name, value = zone.absolute(body["name"]), loose(body["value"])
        if zone.find(name, body["type"], value):
            raise Bad(f"Record with this type ({body['type']}), name ({body['name']}), and value ({body['value']}) already exists.", 400)
        if not isinstance(body["ttl"], int) or body["ttl"] < 5:
            raise Bad("Record TTL must be at least 5", 400)
        return 201, self.shown(zone, zone.add(name, body["type"], value, body["ttl"]))

    @route("DELETE", RECORDS + "/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["rid"]))
        return Answer(200, b"", None)
