"""Dynu API v2, DNS.

https://www.dynu.com/en-US/Support/API
getroot finds the domain of a host name. Nodes are relative, "" at the apex. Every answer holds statusCode; exceptions are
{statusCode, type, message} with the same HTTP status.
"""
from fakelib import Fake, header, route


class Api(Fake):
    hosts = ("api.dynu.com",)
    creds = {"key": "canary-dynu-4cWb58YbUge4"}
    auth = header("API-Key", "key", denied="Failed to authenticate API key.")

    def error(self, status, words):
        return status, {"statusCode": status, "type": {401: "Authentication Exception"}.get(status, "Argument Exception"), "message": words}

    def shown(self, zone, r):
        node = zone.relative(r.name, "")
        shown = {"id": r.id, "domainId": zone.id, "domainName": zone.name, "nodeName": node, "hostname": r.name, "recordType": r.type,
                 "ttl": r.ttl, "state": True, "content": f"{r.name}. {r.ttl} IN {r.type} ...", "updatedOn": "2026-03-10T04:00:36.923"}
        return {**shown, "textData" if r.type == "TXT" else "host": r.value}

    @route("GET", "/v2/dns/getroot/{host}")
    def root(self, q):
        host = q.args["host"]
        for zone in sorted(self.store.zones.values(), key=lambda z: -len(z.name)):
            if ("." + host).endswith("." + zone.name):
                return {"statusCode": 200, "id": zone.id, "domainName": zone.name, "hostname": host, "node": zone.relative(host, "")}
        return self.error(501, "Host name does not exist.")

    @route("GET", "/v2/dns/{id}/record")
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        return {"statusCode": 200, "dnsRecords": [self.shown(zone, r) for r in zone.records]}

    @route("POST", "/v2/dns/{id}/record")
    def create(self, q):
        zone, b = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(b["ttl"], int) or b["state"] is not True or b["recordType"] != "TXT":
            return self.error(501, "Invalid.")
        record = zone.add(zone.absolute(b["nodeName"]), "TXT", b["textData"], b["ttl"])
        return {"statusCode": 200, **self.shown(zone, record)}

    @route("DELETE", "/v2/dns/{id}/record/{record}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["record"]))
        return {"statusCode": 200}
