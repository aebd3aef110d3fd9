"""Rage4 DNS API (legacy).

https://rage4.com/swagger/index.html?urls.primaryName=dns-legacy
Domains and records have numbers as ids, which are query parameters; names are absolute; writes answer {status, id, error}, also when
they fail. Content of TXT comes back in quotes. Errors by status are problem details.
"""
from fakelib import basic, Fake, quote, route


class Api(Fake):
    hosts = ("rage4.com",)
    creds = {"username": "kit@example.test", "password": "canary-rage4-2mVx9TqLw"}
    auth = basic("username", "password")

    def error(self, status, words):
        if status >= 500:
            return status, {"status": "Internal Server Error!", "code": status, "reason": words, "note": "See application log."}
        return status, {"type": "about:blank", "title": "One or more validation errors occurred.", "status": status, "detail": words,
                        "errors": [{"name": "kit", "reason": words, "code": "kit", "severity": "Error"}]}

    def quota(self, words):
        return 200, {"status": False, "id": 0, "error": words}

    @route("GET", "/rapi/GetDomains")
    def domains(self, q):
        return [{"id": z.id, "name": z.name, "owner_email": "kit@example.test", "type": "NATIVE", "api_access": True}
                for z in self.store.zones.values()]

    @route("GET", "/rapi/GetRecords")
    def records(self, q):
        zone = self.zone_by_id(q.query["id"])
        return [{"id": r.id, "name": r.name, "type": r.type, "content": quote(r.value) if r.type == "TXT" else r.value, "ttl": r.ttl,
                 "priority": None, "domain_id": zone.id, "is_active": True} for r in zone.records]

    @route("POST", "/rapi/CreateRecord")
    def create(self, q):
        body = q.json
        zone = self.zone_by_id(body["id"])
        if not isinstance(body["id"], int) or not isinstance(body["ttl"], int):
            return self.error(400, "id and ttl must be numbers")
        return {"status": True, "id": zone.add(body["name"], body["type"], body["content"], body["ttl"]).id, "error": None}

    @route("DELETE", "/rapi/DeleteRecord")
    def delete(self, q):
        zone, record = self.record_anywhere(q.query["id"])
        zone.remove(record)
        return {"status": True, "id": record.id, "error": None}
