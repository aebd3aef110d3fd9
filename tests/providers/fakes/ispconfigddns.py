"""Dynamic DNS module of ISPConfig 3, update.php.

https://github.com/mhofer117/ispconfig-ddns-module (README, lib/updater)
Answers are lines of text with an HTTP status; a value that is there already is not added again (200); what is not there cannot be deleted
(404); names may have a final dot. There is no list.
"""
from fakelib import Answer, Bad, Fake, route

PATH = "/ddns/update.php"


class Api(Fake):
    creds = {"token": "81c2fa904bca0a0e5f0e24d3"}

    def auth(self, q):
        return q.basic is not None and q.basic[1] == self.creds["token"]

    def denied(self, q):
        return 401, "Missing or invalid token.\n"

    def error(self, status, words):
        return status, words + "\n"

    def place(self, q, action):
        p = q.query
        if p.get("action") != action or not p.get("data"):
            raise Bad(f"Missing input data, zone={p.get('zone')}, record={p.get('record')}")
        zone = self.store.zones.get(p["zone"].rstrip("."))
        if not zone:
            raise Bad(f"Could not find zone '{p['zone']}'", 404)
        if not p["record"].endswith("."):
            raise Bad(f"Permission denied for record {p['record']}", 403)
        return zone, p["record"].rstrip("."), p["type"], p["data"]

    @route("POST", PATH)
    def add(self, q):
        zone, name, type, data = self.place(q, "add")
        if zone.find(name, type, data):
            return f"ERROR: {data} is already set in {name}.\n"
        zone.add(name, type, data, 3600)
        return f"Scheduled update to '{data}' of record {name}. Schedule runs in 12 seconds. Record TTL: 3600.\n"

    @route("DELETE", PATH)
    def delete(self, q):
        zone, name, type, data = self.place(q, "delete")
        found = zone.find(name, type, data)
        if not found:
            raise Bad(f"Could not find record '{name}.' of type '{type}' in zone '{zone.name}.'", 404)
        zone.remove(found[0])
        return Answer(200, f"Scheduled delete of record {name}. Schedule runs in 12 seconds. Record TTL: 3600.\n", "text/plain")
