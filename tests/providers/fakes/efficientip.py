"""EfficientIP SOLIDserver REST API, DNS resource records.

https://efficientip.com/resources/solidserver-api/
Lists take a WHERE clause and are arrays, 204 without a body when they are empty; all values are text; names are absolute; creation answers 201
with [{ret_oid}]; errors are {errno, errmsg, severity, category}. What is in no view has the view "#"; a zone may be in several. Here each is in the
view internal, too, with the same records, and the user may not touch those.
"""
import re

from fakelib import Answer, Bad, basic, Fake, route

VIEWS = (("90000", "internal"), ("", "#"))


class Api(Fake):
    creds = {"username": "kit-acme", "password": "canary-efficientip-4Wq8", "dns_name": "dns.smart"}
    auth = basic("username", "password")

    def error(self, status, words):
        return status, {"errno": str(20000 + status), "errmsg": words, "severity": "error", "category": "rest"}

    def where(self, q):
        """Only a='b' and c='d' here."""
        text = q.query.get("WHERE", "")
        if text and not re.fullmatch(r"\w+='[^']*'( and \w+='[^']*')*", text):
            raise Bad("Syntax error in the WHERE clause")
        return dict(re.findall(r"(\w+)='([^']*)'", text))

    def listed(self, q, items):
        want = self.where(q)
        found = [i for i in items if all(i[k] == v for k, v in want.items())]
        return found or Answer(204, b"", None)

    @route("GET", "/rest/dns_zone_list")
    def zones_list(self, q):
        return self.listed(q, [{"errno": "0", "dnszone_id": before + str(z.id), "dnszone_name": z.name, "dnszone_type": "master",
                                "dns_name": "dns.smart", "dnsview_name": view} for z in self.store.zones.values() for before, view in VIEWS])

    @route("GET", "/rest/dns_rr_list")
    def records(self, q):
        return self.listed(q, [{"errno": "0", "rr_id": before + str(r.id), "rr_full_name": r.name, "rr_type": r.type, "value1": r.value,
                                "ttl": str(r.ttl), "dnszone_name": z.name, "dns_name": "dns.smart", "dnsview_name": view}
                               for z in self.store.zones.values() for r in z.records for before, view in VIEWS])

    @route("POST", "/rest/dns_rr_add")
    def create(self, q):
        b = q.json
        zones = [z for z in self.store.zones.values() if ("." + b["rr_name"]).endswith("." + z.name)]
        if b["dns_name"] != "dns.smart" or not zones:
            raise Bad("The zone does not exist")
        r = max(zones, key=lambda z: len(z.name)).add(b["rr_name"], b["rr_type"], b["value1"], int(b.get("rr_ttl", 3600)))
        return 201, [{"ret_oid": str(r.id)}]

    @route("DELETE", "/rest/dns_rr_delete")
    def delete(self, q):
        if q.query["rr_id"].startswith("90000"):
            return self.error(403, "You have no right on this view")
        for zone in self.store.zones.values():
            for r in zone.find(id=q.query["rr_id"]):
                zone.remove(r)
                return [{"ret_oid": str(r.id)}]
        return 400, {"errno": "20117", "errmsg": "This RR does not exist", "severity": "error", "category": "dns_rr_delete"}
