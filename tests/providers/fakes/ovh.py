"""OVH API v1, /domain/zone.

https://eu.api.ovh.com/console/?section=%2Fdomain&branch=v1
https://help.ovhcloud.com/csm/en-gb-api-getting-started-ovhcloud-api?id=kb_article_view&sysparm_article=KB0042777
Each request but /auth/time has application, consumer, timestamp (the server's clock runs 600 s ahead here) and "$1$" + SHA-1 over secret,
consumer key, method, URL, body and time, joined by "+". A list of records is a list of ids; changes are published by POST .../refresh;
TXT targets come back in quotes; POST and DELETE answer 200. Errors are {class, message, errorCode, httpCode}.
"""
import hashlib
import time

from fakelib import Answer, Bad, Published, loose, public, quote, route

ZONE = "/1.0/domain/zone/{zone}"
AHEAD_S = 600


class Api(Published):
    hosts = ("eu.api.ovh.com",)
    creds = {"ak": "7kbG7Bk7S9Nt7ZSV", "as": "canaryovhEXEgWIz07P0HYwtQDs7cNI", "ck": "canaryovhMtSwx6kHbW8PmxKJ3Dd1Y"}

    def auth(self, q):
        c, stamp = self.creds, q.headers.get("X-Ovh-Timestamp") or "0"
        url = f"https://{q.host}{q.raw_path}{'?' + q.raw_query if q.raw_query else ''}"
        text = "+".join((c["as"], c["ck"], q.method, url, q.body.decode(), stamp))
        return (q.headers.get("X-Ovh-Application"), q.headers.get("X-Ovh-Consumer")) == (c["ak"], c["ck"]) and \
            q.headers.get("X-Ovh-Signature") == "$1$" + hashlib.sha1(text.encode()).hexdigest() and \
            abs(int(stamp) - time.time() - AHEAD_S) < 30

    def denied(self, q):
        return 400, {"class": "Client::BadRequest", "message": "Invalid signature", "errorCode": "INVALID_SIGNATURE", "httpCode": "400 Bad Request"}

    def error(self, status, words):
        return status, {"class": "Client::Error", "message": words, "httpCode": str(status)}

    no_zone = ("This service does not exist", 404)

    @route("GET", "/1.0/auth/time")
    @public
    def now(self, q):
        return Answer(200, str(int(time.time()) + AHEAD_S))

    @route("GET", ZONE + "/record")
    def ids(self, q):
        zone, p = self.zone(q.args["zone"]), q.query
        name = zone.absolute(p["subDomain"]) if "subDomain" in p else None
        return [r.id for r in zone.find(name, p.get("fieldType"))]

    def shown(self, zone, r):
        return {"id": r.id, "zone": zone.name, "subDomain": zone.relative(r.name, ""), "fieldType": r.type, "ttl": r.ttl,
                "target": quote(r.value) if r.type == "TXT" else r.value}

    @route("GET", ZONE + "/record/{id}", absent=True)  # it went meanwhile
    def get(self, q):
        zone = self.zone(q.args["zone"])
        return self.shown(zone, self.record(zone, q.args["id"]))

    @route("POST", ZONE + "/record")
    def create(self, q):
        zone, body = self.zone(q.args["zone"]), q.json
        if not isinstance(body.get("ttl", 0), int) or 0 < body.get("ttl", 0) < 60:
            raise Bad("ttl must be 0 or at least 60")
        return self.shown(zone, zone.add(zone.absolute(body.get("subDomain", "")), body["fieldType"], loose(body["target"]), body.get("ttl", 0)))

    @route("DELETE", ZONE + "/record/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
        return Answer(200, "null")

    @route("POST", ZONE + "/refresh")
    def refresh(self, q):
        self.zone(q.args["zone"])
        self.committed()
        return Answer(200, "null")
