"""ClouDNS HTTP API.

https://www.cloudns.net/wiki/article/42/ (authentication), /57/ (list), /58/ (add), /59/ (delete), /53/ (update status)
Parameters by GET or POST; everything is answered with status 200; what fails is {status: Failed, statusDescription}. A list is a map by id,
or [] when it is empty; numbers in it are text; hosts are relative, "" at the apex, and an empty host is no filter. The TTL is one of a list.
"""
from fakelib import Answer, Bad, Fake, route

TTLS = (60, 300, 900, 1800, 3600, 21600, 43200, 86400, 172800, 259200, 604800, 1209600, 2592000)
WORDS = {401: "Invalid authentication, incorrect auth-id or auth-password.", 403: "Your IP address is not allowed. ",
         404: "Missing domain-name. ", 429: "Too many requests. "}


class Api(Fake):
    hosts = ("api.cloudns.net",)
    creds = {"id": "71604", "password": "canary-cloudns-Lw83QvTz"}
    user = "auth-id"

    def auth(self, q):
        return (q.params.get(self.user), q.params.get("auth-password")) == (self.creds["id"], self.creds["password"])

    def denied(self, q):
        return self.error(401, "")

    def error(self, status, words):
        return status if status in (409, 500) else 200, {"status": "Failed", "statusDescription": WORDS.get(status, "") + words}

    def limited(self, words, after):
        return Answer(429, words, "text/plain", {"Retry-After": str(after)})

    def done(self, words, **more):
        return {"status": "Success", "statusDescription": words, **more}

    def named(self, q):
        if q.params.get("domain-name") not in self.store.zones:
            raise Bad("", 404)
        return self.store.zones[q.params["domain-name"]]

    @route("POST", "/dns/records.json")
    def records(self, q):
        zone, p = self.named(q), q.params
        name = zone.absolute(p["host"]) if p.get("host") else None
        return {str(r.id): {"id": str(r.id), "type": r.type, "host": zone.relative(r.name, ""), "record": r.value, "dynamicurl_status": 0,
                            "failover": "0", "ttl": str(r.ttl), "status": 1} for r in zone.find(name, p.get("type") or None)} or []

    @route("POST", "/dns/add-record.json")
    def add(self, q):
        zone, p = self.named(q), q.params
        if int(p["ttl"]) not in TTLS:
            raise Bad("Invalid TTL. Choose from the list of the values we support.")
        r = zone.add(zone.absolute(p["host"]), p["record-type"], p["record"], int(p["ttl"]))
        return self.done("The record was added successfully.", data={"id": r.id})

    @route("POST", "/dns/delete-record.json")
    def delete(self, q):
        zone = self.named(q)
        found = zone.find(id=q.params["record-id"])
        if not found:
            raise Bad("Invalid record-id param.")
        zone.remove(found[0])
        return self.done("The record was deleted successfully.")

    @route("POST", "/dns/update-status.json")
    def status(self, q):
        self.named(q)
        return [{"server": f"pns{i}.cloudns.net", "ip4": f"192.0.2.{i}", "ip6": f"2001:db8::{i}", "updated": True} for i in (1, 2)]


class Sub(Api):
    user = "sub-auth-id"
