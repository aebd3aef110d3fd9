"""ManageEngine CloudDNS REST API v1.

https://pitstop.manageengine.com/portal/en/kb/articles/manageengine-clouddns-rest-api-documentation
OAuth2 client credentials at /oauth2/token/ (basic authentication); a set of TXT records has an id (spf_txt_domain_id) and one
record with the list of its values; POST and PUT take JSON text in the form field config, a list of one; their paths end in a slash;
names are absolute with a final dot. Errors are {error} or {detail}; shapes as in the answers recorded by lego.
"""
import json

from fakelib import Bad, Fake, public, route, told, WORDS

SETS = "/v1/dns/domain/{zone}/records/SPF_TXT"


class Api(Fake):
    hosts = ("clouddns.manageengine.com",)
    creds = {"id": "canarymeclientid", "secret": "canary-me-Qw4Er6Ty8U"}

    def setup(self):
        self.sessions, self.sets = set(), {}

    def auth(self, q):
        return q.bearer in self.sessions

    def denied(self, q):
        return 401, {"detail": "Authentication credentials were not provided."}

    error = told({"error": WORDS})

    def set_id(self, name):
        return self.sets.setdefault(name, 900000 + len(self.sets))

    @public
    @route("POST", "/oauth2/token/")
    def token(self, q):
        if q.form["grant_type"] != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        if q.basic != (self.creds["id"], self.creds["secret"]):
            return 401, {"error": "invalid_client"}
        session = "t%031x" % (len(self.sessions) + 99)
        self.sessions.add(session)
        return {"access_token": session, "expires_in": 36000, "token_type": "Bearer", "scope": "read write"}

    @route("GET", "/v1/dns/domain")
    def zones_list(self, q):
        return [{"zone_id": z.id, "zone_name": z.name + ".", "zone_ttl": 500, "zone_type": 0} for z in self.store.zones.values()]

    @route("GET", SETS)
    def list(self, q):
        zone = self.zone_by_id(q.args["zone"])
        names = dict.fromkeys(r.name for r in zone.find(type="TXT"))
        return [{"spf_txt_domain_id": self.set_id(n), "zone_id": zone.id, "domain_name": n + ".",
                 "domain_ttl": zone.find(n, "TXT")[0].ttl, "domain_location_id": 1,
                 "record_type": "TXT", "records": [{"record_id": 1, "value": zone.values(n), "disabled": False,
                                                    "domain_id": self.set_id(n)}]} for n in names]

    def given(self, q, zone):
        config = json.loads(q.form["config"])
        if not isinstance(config, list_type):
            raise Bad("Invalid record format, Record should be in list.")
        s = config[0]
        if s["record_type"] != "TXT" or not s["domain_name"].endswith(".") or s["zone_id"] != zone.id or not isinstance(s["domain_ttl"], int):
            raise Bad("Invalid record format.")
        values = s["records"][0]["value"]
        if not values or len(set(values)) != len(values):
            raise Bad("Duplicate or no values.")
        return s, s["domain_name"][:-1].lower(), values

    @route("POST", SETS + "/")
    def create(self, q):
        zone = self.zone_by_id(q.args["zone"])
        s, name, values = self.given(q, zone)
        if zone.find(name, "TXT"):
            return self.error(409, "Record already exists.")
        zone.replace(name, "TXT", values, s["domain_ttl"])
        return {"message": "Record created successfully"}

    @route("PUT", SETS + "/{id}/")
    def update(self, q):
        zone = self.zone_by_id(q.args["zone"])
        s, name, values = self.given(q, zone)
        if str(self.set_id(name)) != q.args["id"] or s["spf_txt_domain_id"] != self.set_id(name) or not zone.find(name, "TXT"):
            raise Bad("No such record.", 404)
        zone.replace(name, "TXT", values, s["domain_ttl"])
        return {"message": "Record updated successfully"}

    @route("DELETE", SETS + "/{id}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["zone"])
        for name, id in self.sets.items():
            if str(id) == q.args["id"] and zone.find(name, "TXT"):
                zone.replace(name, "TXT", [])
                return {"message": "Record deleted successfully"}
        raise Bad("No such record.", 404)


list_type = type([])
