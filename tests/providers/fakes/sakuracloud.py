"""Sakura Cloud API 1.1, common service items of class dns.

https://manual.sakura.ad.jp/cloud-api/1.1/appliance/index.html
The query of a list is JSON, escaped: {"Filter": {"Name": ["exactly"]}}; a zone is an item with all its records in Settings.DNS
.ResourceRecordSets ("@" is the apex); PUT replaces Settings and refuses a SettingsHash that is not the present one with 409. Errors are
{is_fatal, serial, status, error_code, error_msg}.
"""
import hashlib
import json
import urllib.parse

from fakelib import Bad, basic, Fake, route

ITEMS = "/cloud/zone/is1a/api/cloud/1.1/commonserviceitem"


class Api(Fake):
    hosts = ("secure.sakura.ad.jp",)
    creds = {"token": "2f6b1c0e-kit", "secret": "canarysakuracloudZt4Qm8Wx"}

    def zone_id(self, name, number):
        return "1130%08d" % number

    auth = basic("token", "secret")

    def error(self, status, words):
        code = {401: "unauthorized", 404: "not_found", 409: "conflict"}.get(status, "bad_request")
        return status, {"is_fatal": True, "serial": "f" * 32, "status": str(status), "error_code": code, "error_msg": words}

    def sets(self, zone):
        return [{"Name": zone.relative(r.name), "Type": r.type, "RData": r.value, "TTL": r.ttl} for r in zone.records]

    def item(self, zone):
        sets = self.sets(zone)
        return {"ID": zone.id, "Name": zone.name, "Description": "", "ServiceClass": "cloud/dns", "Tags": [], "Icon": None,
                "Settings": {"DNS": {"ResourceRecordSets": sets}, "MonitoringSuiteLog": {"Enabled": False}},
                "SettingsHash": hashlib.md5(json.dumps(sets).encode()).hexdigest(),
                "Status": {"Zone": zone.name, "NS": ["ns1.gslb1.sakura.ne.jp"]}, "Provider": {"ID": 2000001, "Class": "dns"}}

    @route("GET", ITEMS)
    def items(self, q):
        wanted = json.loads(urllib.parse.unquote(q.raw_query)) if q.raw_query else {}
        if q.raw_query.endswith("="):
            raise Bad("the query is not JSON", 400)
        names = wanted.get("Filter", {}).get("Name")
        found = [self.item(z) for z in self.store.zones.values() if names is None or z.name in names]
        return {"From": 0, "Count": len(found), "Total": len(found), "CommonServiceItems": found, "is_ok": True}

    @route("GET", ITEMS + "/{id}")
    def get(self, q):
        return {"CommonServiceItem": self.item(self.zone_by_id(q.args["id"])), "is_ok": True}

    @route("PUT", ITEMS + "/{id}")
    def put(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json["CommonServiceItem"]
        if body.get("SettingsHash") not in (None, self.item(zone)["SettingsHash"]):
            return self.error(409, "SettingsHash does not match")
        if "MonitoringSuiteLog" not in body["Settings"]:
            raise Bad("kit: the zone's other settings were lost", 400)
        records = [(zone.absolute(r["Name"]), r["Type"], r["RData"], r["TTL"]) for r in body["Settings"]["DNS"]["ResourceRecordSets"]]
        if len(set(r[:3] for r in records)) != len(records):
            raise Bad("a record is there twice", 400)
        for r in list(zone.records):
            zone.remove(r)
        for r in records:
            zone.add(*r)
        return {"CommonServiceItem": self.item(zone), "Success": True, "is_ok": True}
