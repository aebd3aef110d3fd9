"""alwaysdata API v1: domains and records.

https://api.alwaysdata.com/v1/record/doc/
Basic authentication with "KEY account=NAME" as user and no password; paths end in a slash (else a redirect); POST answers 201 without
a body; DELETE 204; ids are global; the filters of lists are exact, an unknown one is ignored. Bodies of errors are not documented: lists
of words by field here.
"""
from fakelib import Answer, Bad, Fake, route, told, WORDS


class Api(Fake):
    hosts = ("api.alwaysdata.com",)
    creds = {"key": "canary4lwaysd4ta7fa3bb96", "account": "kitaccount"}

    def auth(self, q):
        return q.basic == (f"{self.creds['key']} account={self.creds['account']}", "")

    def denied(self, q):
        return Answer(401, "Unauthorized", "text/html")

    error = told({"__all__": [WORDS]})

    @route("GET", "/v1/domain/")
    def domains(self, q):
        return [{"id": z.id, "name": z.name, "href": f"/v1/domain/{z.id}/", "annotation": "", "is_internal": False} for z in self.store.zones.values()]

    @route("GET", "/v1/record/")
    def records(self, q):
        p = q.query
        zones = [z for z in self.store.zones.values() if p.get("domain", str(z.id)) == str(z.id)]
        return [{"id": r.id, "domain": {"href": f"/v1/domain/{z.id}/"}, "type": r.type, "name": z.relative(r.name, ""), "value": r.value,
                 "priority": None, "ttl": r.ttl, "href": f"/v1/record/{r.id}/", "is_user_defined": True, "is_active": True}
                for z in zones for r in z.find(type=p.get("type")) if p.get("name", z.relative(r.name, "")) == z.relative(r.name, "")]

    @route("POST", "/v1/record/")
    def create(self, q):
        body = q.json
        if not isinstance(body["domain"], int) or not isinstance(body["ttl"], int):
            raise Bad("a number is wanted")
        zone = self.zone_by_id(body["domain"])
        zone.add(zone.absolute(body["name"]), body["type"], body["value"], body["ttl"])
        return Answer(201, b"", None)

    @route("DELETE", "/v1/record/{id}/")
    def delete(self, q):
        zone, record = self.record_anywhere(q.args["id"])
        zone.remove(record)
