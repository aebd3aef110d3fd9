"""Aurora DNS API.

https://libcloud.readthedocs.io/en/latest/dns/drivers/auroradns.html#api-docs
Each request is signed: HMAC-SHA256 over method, path and date (20261121T100000Z in X-AuroraDNS-Date), in base64; key:signature again in base64.
Ids are UUIDs, names relative, "" at the apex. Lists are whole. Errors are {error, errormsg}.
"""
import base64
import datetime
import hashlib
import hmac
import uuid

from fakelib import Bad, Fake, listing, route


class Api(Fake):
    hosts = ("api.auroradns.eu",)
    creds = {"key": "kitaurora01", "secret": "canary-aurora-6Xw2Pq81Lm"}
    no_record = ("no such record", 404)

    def zone_id(self, name, number):
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))

    def record_id(self, r):
        return str(uuid.uuid5(uuid.NAMESPACE_URL, str(r.id)))

    def auth(self, q):
        date = q.headers.get("X-AuroraDNS-Date", "")
        then = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ")
        if abs((datetime.datetime.utcnow() - then).total_seconds()) > 900:
            return False
        mac = hmac.new(self.creds["secret"].encode(), (q.method + q.raw_path + date).encode(), hashlib.sha256).digest()
        pair = self.creds["key"] + ":" + base64.b64encode(mac).decode()
        return q.headers.get("Authorization") == "AuroraDNSv1 " + base64.b64encode(pair.encode()).decode()

    def denied(self, q):
        return 401, {"error": "InvalidCredentialsError", "errormsg": "The signature is not right"}

    def error(self, status, words):
        return status, {"error": {404: "NoSuchRecordError"}.get(status, "InvalidRequestError"), "errormsg": words}

    def shown(self, zone, r):
        return {"id": self.record_id(r), "type": r.type, "name": zone.relative(r.name, ""), "content": r.value, "ttl": r.ttl, "prio": None,
                "health_check_id": None, "disabled": False}

    @route("GET", "/zones")
    def zones_list(self, q):
        return [{"id": z.id, "name": z.name, "servers": ["ns081.auroradns.eu"]} for z in self.store.zones.values()]

    records = listing("/zones/{id}/records")

    @route("POST", "/zones/{id}/records")
    def create(self, q):
        zone, body = self.zone_by_id(q.args["id"]), q.json
        if not isinstance(body["ttl"], int) or body["ttl"] < 300:
            raise Bad("ttl must be at least 300")
        return 201, self.shown(zone, zone.add(zone.absolute(body["name"]), body["type"], body["content"], body["ttl"]))

    @route("DELETE", "/zones/{id}/records/{rid}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["id"])
        zone.remove(self.record(zone, q.args["rid"]))
        return {}
