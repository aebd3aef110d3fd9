"""IONOS Cloud DNS API v1.

https://api.ionos.com/docs/dns/v1/
Lists are collections {id, type, href, offset, limit, items, _links} of 100 items unless limit says more (1000 at most); filters are
filter.zoneName, filter.zoneId, filter.name; an element is {id, type, href, metadata, properties}; a record's name is relative,
empty at the apex, metadata.fqdn is absolute; creation and deletion answer 202. Errors are {httpStatus, messages: [{errorCode,
message}]}. GET /records needs no path of a zone.
"""
import uuid

from fakelib import Bad, Fake, route


class Api(Fake):
    hosts = ("dns.de-fra.ionos.com",)
    creds = {"token": "eyJ0eXAiOiJKV1QiLCJraWQiOiJjYW5hcnkifQ.canaryIonosCloud.s1gN4tUr3"}

    def zone_id(self, name, number):
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))

    def error(self, status, words):
        return status, {"httpStatus": status, "messages": [{"errorCode": f"paas-common-{status}", "message": words}]}

    def collection(self, q, items):
        offset, limit = int(q.query.get("offset", 0)), min(1000, int(q.query.get("limit", 100)))
        return {"id": "c", "type": "collection", "href": q.path, "offset": offset, "limit": limit,
                "items": items[offset:offset + limit], "_links": {}}

    def shown(self, zone, r):
        id = str(uuid.uuid5(uuid.NAMESPACE_OID, str(r.id)))
        return {"id": id, "type": "record", "href": f"/zones/{zone.id}/records/{id}",
                "metadata": {"createdDate": "2026-01-01T00:00:00Z", "state": "AVAILABLE", "fqdn": r.name, "zoneId": zone.id},
                "properties": {"name": zone.relative(r.name, ""), "type": r.type, "content": r.value, "ttl": r.ttl, "enabled": True}}

    @route("GET", "/zones")
    def zones_list(self, q):
        want = q.query.get("filter.zoneName")
        return self.collection(q, [{"id": z.id, "type": "zone", "href": "/zones/" + z.id,
                                    "metadata": {"state": "AVAILABLE", "nameservers": []},
                                    "properties": {"zoneName": z.name, "description": "", "enabled": True}}
                                   for z in self.store.zones.values() if want in (None, z.name)])

    @route("GET", "/records")
    def records(self, q):
        p = q.query
        return self.collection(q, [self.shown(z, r) for z in self.store.zones.values() if p.get("filter.zoneId", z.id) == z.id
                                   for r in z.records if p.get("filter.name", r.name) in (r.name, z.relative(r.name, ""))])

    @route("POST", "/zones/{id}/records")
    def create(self, q):
        zone, p = self.zone_by_id(q.args["id"]), q.json["properties"]
        if not isinstance(p.get("ttl", 3600), int) or not 60 <= p.get("ttl", 3600) <= 604800:
            raise Bad("ttl: must be between 60 and 604800", 422)
        return 202, self.shown(zone, zone.add(zone.absolute(p["name"]), p["type"], p["content"], p.get("ttl", 3600)))

    @route("DELETE", "/zones/{id}/records/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        for r in zone.records:
            if self.shown(zone, r)["id"] == q.args["rid"]:
                zone.remove(r)
                return 202, {}
        raise Bad("the record was not found", 404)
