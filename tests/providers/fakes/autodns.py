"""AutoDNS JSON API (Domainrobot) of InterNetX.

https://help.internetx.com/display/APIJSONEN and https://github.com/InterNetX/domainrobot-api (domainrobot.json)
A zone has an origin and a virtual name server, which a search tells; _stream adds and removes single records. Names are relative, "" at
the apex. A double is refused with the message EF02022. status.type tells success; X-Domainrobot-Context is required.
The code for a record to be removed that is not there is assumed.
"""
from fakelib import Fake, route


class Api(Fake):
    hosts = ("api.autodns.com",)
    creds = {"user": "kit-zone-user", "password": "canary-autodns-9wLx2TzP"}

    def auth(self, q):
        return q.basic == (self.creds["user"], self.creds["password"]) and q.headers.get("X-Domainrobot-Context") == "4"

    def denied(self, q):
        return self.error(401, "Der Benutzer konnte nicht authentifiziert werden.")

    def error(self, status, words, code="EF00001"):
        return status, {"stid": "20261121-app1-126284", "messages": [{"text": words, "code": code, "status": "ERROR"}],
                        "status": {"code": "E0202002", "text": "Zone could not be updated on the name server.", "type": "ERROR"}}

    def ok(self, data):
        return {"stid": "20261121-app1-126285", "status": {"code": "S0301", "text": "Success", "type": "SUCCESS"}, "data": data}

    def shown(self, zone, full):
        shown = {"origin": zone.name, "virtualNameServer": "a.ns14.net"}
        if full:
            shown["resourceRecords"] = [{"name": zone.relative(r.name, ""), "ttl": r.ttl, "type": r.type, "value": r.value}
                for r in zone.records]
        return shown

    @route("POST", "/v1/zone/_search")
    def search(self, q):
        f = q.json["filters"][0]
        if f["operator"] != "EQUAL" or f["key"] not in ("name", "origin"):
            return self.error(400, "unknown filter")
        return self.ok([self.shown(z, False) for z in self.store.zones.values() if z.name == f["value"]])

    @route("GET", "/v1/zone/{zone}/a.ns14.net")
    def get(self, q):
        return self.ok([self.shown(self.zone(q.args["zone"]), True)])

    @route("POST", "/v1/zone/{zone}/_stream")
    def stream(self, q):
        zone, b = self.zone(q.args["zone"]), q.json
        for r in b.get("adds") or []:
            if zone.find(zone.absolute(r["name"]), r["type"], r["value"]):
                return self.error(422, "Der Zusatzeintrag wurde doppelt eingetragen.", "EF02022")
        gone = [zone.find(zone.absolute(r["name"]), r["type"], r["value"]) for r in b.get("rems") or []]
        gone = [[f for f in found if f.ttl == r["ttl"]] for found, r in zip(gone, b.get("rems") or [])]
        if not all(gone):
            return self.error(422, "Der Eintrag existiert nicht.", "EF02023")
        for r in b.get("adds") or []:
            zone.add(zone.absolute(r["name"]), r["type"], r["value"], r["ttl"])
        for found in gone:
            zone.remove(found[0])
        return self.ok([self.shown(zone, True)])
