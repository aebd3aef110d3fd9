"""Epik user API v2, DNS host records.

https://docs-userapi.epik.com/v2/
The signature is a query parameter. Names are relative, "" at the apex; ids are texts. Writes answer {code: 1000, message, description};
errors are {errors: [{code, message, description}]}.
"""
from fakelib import Bad, Fake, query, route, told, WORDS

RECORDS = "/v2/domains/{zone}/records"


class Api(Fake):
    hosts = ("usersapiv2.epik.com",)
    creds = {"signature": "CANA-RYEP-IK7Q-2WZX"}
    auth = query("SIGNATURE", "signature", denied="Unauthorized: Signature was not provided or was invalid")
    error = told({"errors": [{"code": 1, "message": "Error", "description": WORDS}]})

    def done(self):
        return {"code": 1000, "message": "Command completed successfully.", "description": None}

    @route("GET", RECORDS)
    def records(self, q):
        zone = self.zone(q.args["zone"])
        return {"data": {"name": zone.name.upper(), "code": 1000, "records": [
            {"id": f"r{r.id}", "name": zone.relative(r.name, ""), "type": r.type, "data": r.value, "aux": 0, "ttl": r.ttl}
            for r in zone.records]}}

    @route("POST", RECORDS)
    def create(self, q):
        zone, r = self.zone(q.args["zone"]), q.json["create_host_records_payload"]
        if not isinstance(r["TTL"], int) or not isinstance(r["AUX"], int) or r["TTL"] < 300:
            raise Bad("TTL: a number from 300 on is wanted", 400)
        zone.add(zone.absolute(r["HOST"]), r["TYPE"], r["DATA"], r["TTL"])
        return self.done()

    @route("DELETE", RECORDS)
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.query["ID"][1:]))
        return self.done()
