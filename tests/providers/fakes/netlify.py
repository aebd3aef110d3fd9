"""Netlify API, DNS zones.

https://open-api.netlify.com/#tag/dnsZone
https://docs.netlify.com/api/get-started/#pagination
Ids are 24 hexadecimal digits; host names are absolute; lists are arrays of 100 items with a Link header; creation answers 201,
deletion 204; errors are {code, message}.
"""
from fakelib import Bad, Fake, answer_of, bearer, route, told, STATUS, WORDS

ZONES = "/api/v1/dns_zones"


class Api(Fake):
    hosts = ("api.netlify.com",)
    creds = {"token": "nfp_canary7Kq2vXw81ZbT0m"}
    auth = bearer("token", denied="Access Denied: Not logged in")

    def zone_id(self, name, number):
        return "5f2a%020x" % number

    error = told({"code": STATUS, "message": WORDS})

    def linked(self, q, items):
        number = int(q.query.get("page", 1))
        part, last = self.page(items, number, q.query.get("per_page"))
        answer = answer_of(part)
        if number < last:
            answer.headers["Link"] = (f'<{self.outside}{q.path}?page={number + 1}&per_page=100>; rel="next", '
                                      f'<{self.outside}{q.path}?page={last}&per_page=100>; rel="last"')
        return answer

    def shown(self, zone, r):
        return {"id": "60b1%020x" % r.id, "hostname": r.name, "type": r.type, "value": r.value, "ttl": r.ttl, "priority": None,
                "weight": None, "port": None, "flag": None, "tag": None, "dns_zone_id": zone.id, "site_id": None, "managed": False}

    @route("GET", ZONES)
    def zones_list(self, q):
        return self.linked(q, [{"id": z.id, "name": z.name, "account_slug": "me", "dns_servers": ["dns1.p01.nsone.net"], "records": []}
                               for z in self.store.zones.values()])

    @route("GET", ZONES + "/{id}/dns_records")
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        return self.linked(q, [self.shown(zone, r) for r in zone.records])

    @route("POST", ZONES + "/{id}/dns_records")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(body.get("ttl", 3600), int) or not body["value"]:
            return self.error(422, "ttl is not a number")
        return 201, self.shown(zone, zone.add(body["hostname"].lower(), body["type"], body["value"], body.get("ttl", 3600)))

    @route("DELETE", ZONES + "/{id}/dns_records/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        if not q.args["rid"].startswith("60b1"):
            raise Bad("Not Found", 404)
        zone.remove(self.record(zone, int(q.args["rid"][4:], 16)))
