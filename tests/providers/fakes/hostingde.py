"""hosting.de DNS API v1 (and http.net, which is the same on another host).

https://www.hosting.de/api/
All calls are POST of JSON with authToken in it; the answer has status success, pending or error with HTTP status 200, and errors
[{code, text, value}]. zoneUpdate takes the whole zoneConfig as it was found, records to add (TXT content bare or in quotes) and
records to delete, which must be the stored ones, in quotes; find calls take a filter {field, value} or {subFilterConnective,
subFilter}, a limit and a page. Code 10109 is a wrong key; the others are not known here.
"""
from fakelib import Bad, Fake, given, loose, quote, route

TOP = "/api/dns/v1/json/"


class Api(Fake):
    hosts = ("secure.hosting.de",)
    creds = {"key": "canary-hostingde-Pq7Zr0Vb4M"}

    auth = given("json", {"authToken": "key"})

    def denied(self, q):
        answer = self.error(400, "API key is invalid")
        answer[1]["errors"][0]["code"] = 10109
        return answer

    def error(self, status, words):
        return status if status in (401, 403, 409, 429, 500) else 200, {
            "errors": [{"code": 30001, "contextObject": "", "contextPath": "", "text": words, "value": ""}],
            "metadata": {"clientTransactionId": "", "serverTransactionId": "x"}, "response": None, "status": "error", "warnings": []}

    def done(self, response):
        return {"errors": [], "metadata": {"clientTransactionId": "", "serverTransactionId": "x"}, "response": response,
                "status": "success", "warnings": []}

    def config(self, zone):
        return {"id": "17%06d" % zone.id, "accountId": "1", "status": "active", "name": zone.name, "nameUnicode": zone.name, "masterIp": "",
                "type": "NATIVE", "emailAddress": "a@" + zone.name, "zoneTransferWhitelist": [], "lastChangeDate": "x", "templateValues": None}

    def record_of(self, zone, r):
        return {"id": "99%06d" % r.id, "zoneId": "17%06d" % zone.id, "name": r.name, "type": r.type, "ttl": r.ttl, "priority": 0,
                "content": quote(r.value) if r.type == "TXT" else r.value, "lastChangeDate": "x", "comments": "", "recordTemplateId": None}

    def fits(self, filter, shown, fields):
        if "subFilter" in filter:
            some = [self.fits(f, shown, fields) for f in filter["subFilter"]]
            return all(some) if filter["subFilterConnective"] == "AND" else any(some)
        if filter["field"].lower() not in fields:
            raise Bad("unknown filter field " + filter["field"])
        return shown[fields[filter["field"].lower()]] == filter["value"]

    def found(self, q, all, fields):
        hits = [x for x in all if not q.json.get("filter") or self.fits(q.json["filter"], x, fields)]
        items, pages = self.page(hits, q.json.get("page", 1), q.json.get("limit", 25))
        return self.done({"limit": q.json.get("limit", 25), "page": q.json.get("page", 1), "totalEntries": len(hits),
                          "totalPages": pages, "type": "FindResult", "data": items})

    @route("POST", TOP + "zoneConfigsFind")
    def zones_find(self, q):
        return self.found(q, [self.config(z) for z in self.store.zones.values()], {"zonename": "name", "zoneconfigid": "id"})

    @route("POST", TOP + "recordsFind")
    def records_find(self, q):
        return self.found(q, [self.record_of(z, r) for z in self.store.zones.values() for r in z.records],
                          {"zoneconfigid": "zoneId", "recordname": "name", "recordtype": "type", "recordcontent": "content"})

    @route("POST", TOP + "zoneUpdate")
    def update(self, q):
        config = q.json["zoneConfig"]
        zone = self.zone(config["name"])
        if config != self.config(zone):
            raise Bad("zoneConfig is not the zone's")
        gone = []
        for d in q.json.get("recordsToDelete", []):
            hits = [r for r in zone.find(d["name"], d["type"]) if self.record_of(zone, r)["content"] == d["content"]]
            if not hits:
                raise Bad("Record does not exist")
            gone.append(hits[0])
        for r in gone:
            zone.remove(r)
        for a in q.json.get("recordsToAdd", []):
            if not isinstance(a["ttl"], int) or a["ttl"] < 60:
                raise Bad("TTL is too low")
            zone.add(a["name"], a["type"], loose(a["content"]), a["ttl"])
        return self.done({"zoneConfig": config, "records": [self.record_of(zone, r) for r in zone.records]})


class HttpNet(Api):
    hosts = ("partner.http.net",)
    creds = {"key": "canary-httpnet-Ty3Wn8Kc5L"}
