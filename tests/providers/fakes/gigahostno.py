"""Gigahost.no API v0.

https://gigahost.no/api-dokumentasjon
An API key works as bearer token. Everything is in {meta, data}; ids are texts; "@" is the apex. The creation answers no id (201); a deletion
wants name and type in the query besides the id.
"""
from fakelib import Bad, bearer, Fake, route

ZONES = "/api/v0/dns/zones"


class Api(Fake):
    hosts = ("api.gigahost.no",)
    creds = {"key": "canary-gigahost-flux_9d02c7ab"}
    auth = bearer("key", denied="401 Unauthorized")

    def error(self, status, words):
        return status, {"meta": {"status": status, "status_message": f"{status} Error", "maintenance": False, "message": words}, "data": []}

    def told(self, status, words, **more):
        return status, {"meta": {"status": status, "status_message": f"{status} OK", "message": words}, **more}

    @route("GET", ZONES)
    def zones_list(self, q):
        return self.told(200, "200 OK", data=[
            {"zone_id": str(z.id), "cust_id": "16030", "zone_name": z.name, "zone_type": "NATIVE", "zone_active": "1",
             "record_count": len(z.records), "zone_name_display": z.name} for z in self.store.zones.values()])

    @route("GET", ZONES + "/{id}/records")
    def records(self, q):
        zone = self.zone_by_id(q.args["id"])
        return self.told(200, "200 OK", data=[{"record_id": f"rec{r.id}", "record_name": zone.relative(r.name), "record_type": r.type,
                                              "record_value": r.value, "record_ttl": r.ttl, "record_priority": None} for r in zone.records])

    @route("POST", ZONES + "/{id}/records")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(body["record_ttl"], int):
            raise Bad("record_ttl must be a number")
        zone.add(zone.absolute(body["record_name"]), body["record_type"], body["record_value"], body["record_ttl"])
        return self.told(201, "Record created successfully.")

    @route("DELETE", ZONES + "/{id}/records/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        for r in zone.find(zone.absolute(q.query["name"]), q.query["type"]):
            if f"rec{r.id}" == q.args["rid"]:
                zone.remove(r)
                return self.told(200, "Record deleted successfully.")
        raise Bad("Record not found", 404)
