"""VegaDNS-API 1.0.

https://github.com/shupp/VegaDNS-API
A token for client_credentials by basic authentication, then bearer; forms in, JSON out; `search` finds domains that contain the text;
names are absolute; POST of a record answers 201. Errors are {message}.
"""
from fakelib import Fake, public, route, session, told, WORDS


class Api(Fake):
    creds = {"key": "kitvegadnskey", "secret": "canary-vegadns-3b5cf2be9f02"}

    auth = session()
    error = told({"status": "error", "message": WORDS})

    @route("POST", "/1.0/token")
    @public
    def token(self, q):
        if q.basic != (self.creds["key"], self.creds["secret"]):
            return 401, {"error": "invalid_client", "error_description": "Client authentication failed"}
        if q.form.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        self.tokens.add(f"699dd4ff-e381-46b8-{self.count}")
        return {"access_token": f"699dd4ff-e381-46b8-{self.count}", "token_type": "bearer", "expires_in": 3600}

    @route("GET", "/1.0/domains")
    def domains(self, q):
        found = [z for z in self.store.zones.values() if q.query.get("search", "") in z.name]
        return {"status": "ok", "total_domains": len(found), "domains": [
            {"domain_id": z.id, "domain": z.name, "status": "active", "owner_id": 0} for z in found]}

    def shown(self, zone, r):
        return {"name": r.name, "value": r.value, "record_type": r.type, "ttl": r.ttl, "record_id": r.id, "location_id": None, "domain_id": zone.id}

    @route("GET", "/1.0/records")
    def records(self, q):
        zone = self.zone_by_id(q.query["domain_id"])
        return {"status": "ok", "total_records": len(zone.records), "records": [self.shown(zone, r) for r in zone.records],
                "domain": {"status": "active", "domain": zone.name, "owner_id": 0, "domain_id": zone.id}}

    @route("POST", "/1.0/records")
    def create(self, q):
        p = q.form
        zone = self.zone_by_id(p["domain_id"])
        return 201, {"status": "ok", "record": self.shown(zone, zone.add(p["name"].lower(), p["record_type"], p["value"], int(p.get("ttl", 3600))))}

    @route("DELETE", "/1.0/records/{id}")
    def delete(self, q):
        zone, record = self.record_anywhere(q.args["id"])
        zone.remove(record)
        return {"status": "ok"}
