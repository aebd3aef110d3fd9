"""1cloud.ru API, DNS.

https://1cloud.ru/api/dns/domainlist
The list of domains holds their records. Numbers are written as texts; host names are relative when written and absolute with a final dot
when read. Errors are {"Message"}.
How the apex is shown is assumed.
"""
from fakelib import Fake, route, told, WORDS

TTLS = ("1", "5", "30", "60", "300", "600", "900", "1800", "3600", "7200", "21160", "43200", "86400", "2592000")


class Api(Fake):
    hosts = ("api.1cloud.ru",)
    creds = {"token": "canary-1cloud-99f1d2"}
    error = told({"Message": WORDS})

    def shown(self, r):
        return {"ID": r.id, "TypeRecord": r.type, "IP": r.value if r.type == "A" else "", "HostName": r.name + ".", "Priority": "",
                "Text": r.value if r.type == "TXT" else "", "TTL": r.ttl,
                    "CanonicalDescription": f"{r.name}. {r.ttl} IN {r.type} {r.value}"}

    @route("GET", "/dns")
    def domains(self, q):
        return [{"ID": z.id, "Name": z.name, "TechName": z.name.replace(".", "_"), "State": "Active", "IsDelegate": True,
                 "LinkedRecords": [self.shown(r) for r in z.records]} for z in self.store.zones.values()]

    @route("POST", "/dns/recordtxt")
    def create(self, q):
        b = q.json
        zone = self.zone_by_id(b["DomainId"])
        if not isinstance(b["DomainId"], str) or b["TTL"] not in TTLS:
            return self.error(400, "wrong TTL")
        return self.shown(zone.add(zone.absolute(b["Name"]), "TXT", b["Text"], int(b["TTL"])))

    @route("DELETE", "/dns/{zone}/{id}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return {}
