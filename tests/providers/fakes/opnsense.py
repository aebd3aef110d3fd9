"""OPNsense, API of the plugin os-bind.

https://docs.opnsense.org/development/api/plugins/bind.html
https://github.com/opnsense/plugins/tree/master/dns/bind (Api/RecordController.php and the model: members and search filter)
Ids are UUIDs; searches answer {rows, rowCount, total, current}; addRecord answers {result: saved, uuid} or {result: failed, validations};
delRecord {result: deleted} or {result: not found}. Values are written into the zone file as they are; reconfigure publishes.
"""
from fakelib import Bad, Published, basic, loose, quote, route, told, STATUS, WORDS

TAIL = "-5d0c-4b1e-9a55-0f7a2c6d8e31"


class Api(Published):
    creds = {"key": "kitkeyW8mPq", "secret": "canary-opnsense-Xq5Lw7Rt90"}

    def zone_id(self, name, number):
        return "%08x" % number + TAIL

    auth = basic("key", "secret", denied="Authentication Failed")
    error = told({"status": STATUS, "message": WORDS})

    def quota(self, words):
        return {"result": "failed", "validations": {"record.value": words}}

    def found(self, rows):
        return {"total": len(rows), "rowCount": len(rows), "current": 1, "rows": rows}

    @route("GET", "/api/bind/domain/searchPrimaryDomain")
    def domains(self, q):
        return self.found([{"uuid": z.id, "enabled": "1", "type": "primary", "domainname": z.name, "ttl": "86400"}
                           for z in self.store.zones.values()])

    @route("GET", "/api/bind/record/searchRecord")
    def records(self, q):
        wanted = q.query.get("domain")
        return self.found([{"uuid": "%08x" % r.id + TAIL, "enabled": "1", "domain": z.id, "%domain": z.name, "name": z.relative(r.name),
                            "type": r.type, "value": quote(r.value) if r.type == "TXT" else r.value}
                           for z in self.store.zones.values() if not wanted or wanted == z.id for r in z.records])

    @route("POST", "/api/bind/record/addRecord")
    def add(self, q):
        r = q.json["record"]
        try:
            zone = self.zone_by_id(r["domain"])
        except Bad:
            return {"result": "failed", "validations": {"record.domain": "Related item not found"}}
        record = zone.add(zone.absolute_or_dot(r["name"]), r["type"], loose(r["value"]), 86400)
        return {"result": "saved", "uuid": "%08x" % record.id + TAIL}

    @route("POST", "/api/bind/record/delRecord/{uuid}")
    def delete(self, q):
        try:
            zone, record = self.record_anywhere(int(q.args["uuid"][:8], 16))
        except Bad:
            return {"result": "not found"}
        zone.remove(record)
        return {"result": "deleted"}

    @route("POST", "/api/bind/service/reconfigure")
    def reconfigure(self, q):
        self.committed()
        return {"status": "ok"}
