"""Sotoon CDN API, domain zones.

https://docs.sotoon.ir/products/cdn/api-reference/api-getting-started
A zone is an object in the manner of Kubernetes: metadata.name is the origin with dashes, spec.records maps relative names ("@" at the apex)
to lists of records of all types, [{type, ttl, TXT}]. It is changed by a JSON merge patch: a list replaces that of the name, null removes it.
"""
import json

from fakelib import Bad, Fake, route

ZONES = "/delivery/v2.1/global/workspaces/{ws}/domainzones"


class Api(Fake):
    hosts = ("api.sotoon.ir",)
    creds = {"token": "canary-sotoon-Mq82TzKx", "workspace": "1f0e7a52-6d0f-4c9b-8a65-0c5f3d1b2a77"}

    def zone_id(self, name, number):
        return name.replace(".", "-")

    def zone_of(self, q):
        if q.args["ws"] != self.creds["workspace"]:
            raise Bad("workspace not found", 404)
        return self.zone_by_id(q.args["zone"]) if "zone" in q.args else None

    def shown(self, zone):
        records = {}
        for r in zone.records:
            records.setdefault(zone.relative(r.name), []).append({"type": r.type, "ttl": r.ttl, r.type: r.value})
        return {"apiVersion": "delivery/v2.1", "kind": "DomainZone", "metadata": {"name": zone.id, "workspace": self.creds["workspace"]},
                "spec": {"origin": zone.name, "records": records}, "status": {"ready": True}}

    @route("GET", ZONES)
    def zones_list(self, q):
        self.zone_of(q)
        return {"items": [self.shown(z) for z in self.store.zones.values()]}

    @route("GET", ZONES + "/{zone}")
    def get(self, q):
        return self.shown(self.zone_of(q))

    @route("PATCH", ZONES + "/{zone}")
    def patch(self, q):
        zone = self.zone_of(q)
        if q.headers.get("Content-Type") != "application/merge-patch+json":
            raise Bad("unsupported media type", 415)
        for relative, records in json.loads(q.body)["spec"]["records"].items():
            name, kept = zone.absolute(relative), []
            for r in records or []:
                if not isinstance(r["ttl"], int) or not isinstance(r[r["type"]], str):
                    raise Bad("spec.records is invalid", 422)
                kept.append((r["type"], r[r["type"]], r["ttl"]))
            for r in zone.find(name):
                zone.remove(r)
            for type, value, ttl in kept:
                zone.add(name, type, value, ttl)
        return self.shown(zone)
