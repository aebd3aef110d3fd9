"""Beget API, DNS functions.

https://beget.com/ru/kb/api/funkczii-upravleniya-dns
login, passwd, input_data (JSON) in the query or in a form; the answer is {status, answer: {status, result or errors}}, wrong
credentials {status: error, error_text, error_code: AUTH_ERROR}, with HTTP status 200; changeRecords replaces all records of the
name: types left out are removed; values may be given as they were read.
"""
import json

from fakelib import Bad, Fake, given, route

FIELD = {"A": "address", "AAAA": "address", "MX": "exchange", "TXT": "txtdata"}


class Api(Fake):
    hosts = ("api.beget.com",)
    creds = {"user": "kitbeget", "password": "canary-beget-vB7!k2Qz"}

    auth = given("params", {"login": "user", "passwd": "password"})

    def denied(self, q):
        return {"status": "error", "error_text": "Incorrect login or password", "error_code": "AUTH_ERROR"}

    def error(self, status, words):
        if status in (401, 403, 409, 429, 500):
            return status, {"status": "error", "error_text": words, "error_code": "INTERNAL"}
        return {"status": "success", "answer": {"status": "error", "errors": [{"error_code": "INVALID_DATA", "error_text": words}]}}

    def data(self, q):
        if q.params.get("output_format", "json") != "json" or q.params["input_format"] != "json":
            raise Bad("only json here")
        data = json.loads(q.params["input_data"])
        zones = [z for z in self.store.zones.values() if data["fqdn"] == z.name or data["fqdn"].endswith("." + z.name)]
        return max(zones, key=lambda z: len(z.name)) if zones else None, data

    @route("POST", "/api/dns/getData")
    def get(self, q):
        zone, data = self.data(q)
        if not zone:
            return {"status": "success", "answer": {"status": "success",
                                                    "result": {"is_under_control": False, "is_beget_dns": False, "fqdn": data["fqdn"]}}}
        records = {"DNS": [{"value": "ns1.beget.com", "priority": 10}], "DNS_IP": [], "A": [], "MX": [], "TXT": []}
        for r in zone.find(data["fqdn"]):
            if r.type in FIELD:
                records.setdefault(r.type, []).append({"ttl": r.ttl, FIELD[r.type]: r.value})
        return {"status": "success", "answer": {"status": "success", "result": {
            "is_under_control": True, "is_beget_dns": True, "is_subdomain": data["fqdn"] != zone.name, "fqdn": data["fqdn"], "set_type": 1,
            "records": records}}}

    @route("POST", "/api/dns/changeRecords")
    def change(self, q):
        zone, data = self.data(q)
        if not zone:
            raise Bad("Domain is not under control")
        new = [(t, x.get(FIELD[t]) or x["value"], x.get("ttl", 600)) for t, list in data["records"].items() for x in list]
        if len(set(new)) != len(new):
            raise Bad("Duplicate record")
        for t in FIELD:
            zone.replace(data["fqdn"], t, [])
        for t, value, ttl in new:
            zone.add(data["fqdn"], t, value, ttl)
        return {"status": "success", "answer": {"status": "success", "result": True}}
