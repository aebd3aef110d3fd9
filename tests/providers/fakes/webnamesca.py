"""webnames.ca APICore.

https://www.webnames.ca/_/swagger/index.html
A TXT record is added and deleted by its value, in query parameters; names are absolute; the domain's record sets are answered, their
values once each. Errors are {errorMessage, errorDetails, logID}. What the words for a value that is there already are, is not documented.
"""
from fakelib import Fake, given, route, told, WORDS

ZONE = "/_/APICore/domains/{zone}/"


class Api(Fake):
    hosts = ("www.webnames.ca",)
    creds = {"user": "kituser", "key": "canary-webnamesca-3xQk8LzR"}

    auth = given("headers", {"API-User": "user", "API-Key": "key"}, denied="User does not exist.")

    error = told({"errorMessage": WORDS, "errorDetails": "", "logID": 35579, "result": {}})

    no_zone = ("Domain does not exist.", 404)

    def shown(self, zone):
        keys = dict.fromkeys((r.name, r.type) for r in zone.records)
        return {"result": {"domainID": zone.id, "timeToLive": 21600, "type": "REAL_DOMAIN", "dnsRecordSets": [
            {"hostname": n, "type": t, "records": zone.values(n, t)} for n, t in keys]}, "logID": 36014}

    @route("GET", ZONE + "dns-records")
    def records(self, q):
        return self.shown(self.zone(q.args["zone"]))

    @route("POST", ZONE + "add-txt-record")
    def add(self, q):
        zone, name, value = self.zone(q.args["zone"]), q.query["hostName"], q.query["txt"]
        if zone.find(name, "TXT", value):
            return self.error(400, "The record already exists.")
        zone.add(name, "TXT", value, 21600)
        return self.shown(zone)

    @route("DELETE", ZONE + "delete-txt-record")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        found = zone.find(q.query["hostName"], "TXT", q.query["txt"])
        if not found:
            return self.error(400, "The record does not exist.")
        zone.remove(found[0])
        return self.shown(zone)
