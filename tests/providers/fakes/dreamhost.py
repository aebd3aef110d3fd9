"""DreamHost API, DNS commands.

https://help.dreamhost.com/hc/en-us/articles/217555707-DNS-API-commands
https://help.dreamhost.com/hc/en-us/articles/217560167-API-overview
One URL, the command in cmd; the answer is {result, data} with HTTP status 200, data is the error's code then; dns-list_records
lists all records of the account; names are absolute; adding what is there is record_already_exists_remove_first. No TTL, no ids.
"""
from fakelib import Bad, Fake, given, route

ERRORS = {401: "invalid_api_key", 403: "this_key_cannot_access_this_cmd", 409: "internal_error_updating_zone", 429: "slow_down_bucko"}


class Api(Fake):
    hosts = ("api.dreamhost.com",)
    creds = {"key": "CANARY6SHU5P2HLDAYECUM"}

    auth = given("params", {"key": "key"})

    def error(self, status, words):
        return status if status >= 429 else 200, {"result": "error", "data": ERRORS.get(status, words), "reason": words}

    def of_name(self, name):
        zones = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not zones:
            raise Bad("no_such_zone")
        return max(zones, key=lambda z: len(z.name))

    @route("GET", "/")
    def call(self, q):
        p = q.params
        if p.get("format", "tab") != "json":
            return "error\nonly json here"
        return {"result": "success", "data": getattr(self, "do_" + p["cmd"].replace("-", "_"))(p)}

    def do_dns_list_records(self, p):
        return [{"account_id": "8", "zone": z.name, "record": r.name, "type": r.type, "value": r.value, "comment": "", "editable": "1"}
                for z in self.store.zones.values() for r in z.records]

    def do_dns_add_record(self, p):
        zone = self.of_name(p["record"])
        if p["type"] not in ("A", "CNAME", "NS", "NAPTR", "SRV", "TXT", "AAAA"):
            raise Bad("invalid_type")
        if not p["value"]:
            raise Bad("no_value")
        if zone.find(p["record"], p["type"], p["value"]):
            raise Bad("record_already_exists_remove_first")
        zone.add(p["record"], p["type"], p["value"], 14400)
        return "record_added"

    def do_dns_remove_record(self, p):
        zone = self.of_name(p["record"])
        if not zone.find(p["record"]):
            raise Bad("no_such_record")
        found = zone.find(p["record"], p["type"], p["value"])
        if not found:
            raise Bad("no_such_value")
        zone.remove(found[0])
        return "record_removed"
