"""Google Cloud DNS v1, with the token service, impersonation and the metadata server.

https://cloud.google.com/dns/docs/reference/rest/v1/managedZones/list      dnsName filters exactly, maxResults, pageToken
https://cloud.google.com/dns/docs/reference/rest/v1/resourceRecordSets/list
https://cloud.google.com/dns/docs/reference/rest/v1/changes/create         deletions must match the current set exactly
https://cloud.google.com/dns/docs/reference/error-codes                    alreadyExists 409, conditionNotMet 412, quota 403
https://developers.google.com/identity/protocols/oauth2/service-account    the assertion
https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
https://cloud.google.com/compute/docs/access/authenticate-workloads        the metadata server
Names end with a dot; rrdatas are in presentation format. A second managed zone of example.test is private.
"""
import base64
import json
import time

import rsa
from fakelib import Answer, Bad, Fake, public, quote, route, unquote

PROJECT = "canary-project-77"
EMAIL = "dns-writer@canary-project-77.iam.gserviceaccount.com"
BASE = "/dns/v1/projects/{project}/managedZones"
SCOPE = "https://www.googleapis.com/auth/ndev.clouddns.readwrite"


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key_file(key):
    return json.dumps({"type": "service_account", "project_id": PROJECT, "private_key_id": "k17", "private_key": key,
                       "client_email": EMAIL, "client_id": "1234", "token_uri": "https://oauth2.googleapis.com/token"})


class Api(Fake):
    hosts = ("dns.googleapis.com", "oauth2.googleapis.com", "iamcredentials.googleapis.com")
    page_most = 100
    key, public_key = rsa.make()
    creds = {"key": key_file(key), "other_key": key_file(rsa.make()[0]),
             "user": json.dumps({"type": "authorized_user", "client_id": "u.apps", "client_secret": "canary-user-secret",
                                 "refresh_token": "1//canary-refresh", "quota_project_id": PROJECT}),
             "impersonated": "other@canary-project-77.iam.gserviceaccount.com"}

    def setup(self):
        self.tokens, self.changes = {}, []

    def token(self, scope):
        token = f"ya29.canary-access-{len(self.tokens)}-{id(self):x}"
        self.tokens[token] = scope
        return token

    def auth(self, q):
        return q.bearer in self.tokens and SCOPE in self.tokens[q.bearer]

    def said(self, status, words, reason):
        return status, {"error": {"code": status, "message": words, "errors": [
            {"message": words, "domain": "global", "reason": reason}]}}

    def denied(self, q):
        return self.said(401, "Request had invalid authentication credentials.", "authError")

    def error(self, status, words):
        return self.said(status, words, {403: "forbidden", 404: "notFound", 409: "alreadyExists", 412: "conditionNotMet",
                                         422: "invalid"}.get(status, "invalid"))

    def quota(self, words):
        return self.said(403, words, "quotaExceeded")

    # -- tokens

    def grant_fault(self, q, assertion):
        head, body, signature = assertion.split(".")
        header, claims = json.loads(unpadded(head)), json.loads(unpadded(body))
        if header != {"alg": "RS256", "typ": "JWT", "kid": "k17"}:
            return f"header {header}"
        if claims["aud"] != "https://oauth2.googleapis.com/token" or claims["iss"] != EMAIL:
            return f"aud {claims['aud']}"
        if claims["exp"] - claims["iat"] > 3600 or abs(time.time() - claims["iat"]) > 300:
            return "Token must be a short-lived token (60 minutes) and in a reasonable timeframe"
        if not rsa.verified(self.public_key, f"{head}.{body}".encode(), unpadded(signature)):
            return "Invalid JWT Signature."
        return None

    @route("POST", "/token")
    @public
    def token_post(self, q):
        form = q.form
        if form.get("grant_type") == "refresh_token":
            user = json.loads(self.creds["user"])
            if any(form.get(k) != user[k] for k in ("client_id", "client_secret", "refresh_token")):
                return 400, {"error": "invalid_grant", "error_description": "Bad Request"}
            scope = SCOPE
        elif form.get("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            fault = self.grant_fault(q, form.get("assertion", "x.x"))
            if fault:
                return 400, {"error": "invalid_grant", "error_description": fault}
            scope = json.loads(unpadded(form["assertion"].split(".")[1]))["scope"]
        else:
            return 400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type"}
        return {"access_token": self.token(scope), "expires_in": 3599, "token_type": "Bearer"}

    @route("POST", "/v1/projects/-/serviceAccounts/{what}")
    @public
    def impersonate(self, q):
        account, _, verb = q.args["what"].rpartition(":")
        if verb != "generateAccessToken" or account != self.creds["impersonated"]:
            return self.said(404, "Requested entity was not found.", "notFound")
        if "https://www.googleapis.com/auth/iam" not in self.tokens.get(q.bearer, ""):
            return self.said(403, "Permission 'iam.serviceAccounts.getAccessToken' denied", "forbidden")
        if not isinstance(q.json["scope"], list):
            return self.said(400, "scope", "invalid")
        return {"accessToken": self.token(" ".join(q.json["scope"])), "expireTime": "2030-01-01T00:00:00Z"}

    def flavoured(self, q):
        if q.headers.get("Metadata-Flavor") != "Google":
            raise Bad("Your client does not have permission to get URL from this server. Missing Metadata-Flavor", 403)

    @route("GET", "/computeMetadata/v1/instance/service-accounts/default/token")
    @public
    def machine(self, q):
        self.flavoured(q)
        return {"access_token": self.token(SCOPE), "expires_in": 3599, "token_type": "Bearer"}

    @route("GET", "/computeMetadata/v1/project/project-id")
    @public
    def machine_project(self, q):
        self.flavoured(q)
        return Answer(200, PROJECT, "application/text")

    # -- zones

    def project(self, q):
        if q.args["project"] != PROJECT:
            raise Bad(f"The 'parameters.project' resource named '{q.args['project']}' does not exist.", 404)

    def zone_id(self, name, number):
        return "mz-" + name.replace(".", "-").replace("_", "u")

    def paged(self, q, kind, member, items):
        number = int(q.query.get("pageToken", "p1")[1:])
        shown, pages = self.page(items, number, q.query.get("maxResults"))
        answer = {"kind": kind, member: shown}
        if number < pages:
            answer["nextPageToken"] = f"p{number + 1}"
        return answer

    @route("GET", BASE)
    def zones_list(self, q):
        self.project(q)
        items = [{"kind": "dns#managedZone", "name": "private-example", "dnsName": "example.test.", "id": "1", "description": "",
                  "visibility": "private", "nameServers": []}]
        items += [{"kind": "dns#managedZone", "name": z.id, "dnsName": z.name + ".", "id": str(7000 + i), "description": "",
                   "visibility": "public", "nameServers": ["ns-cloud-a1.googledomains.com."]}
                  for i, z in enumerate(self.store.zones.values())]
        wanted = q.query.get("dnsName")
        return self.paged(q, "dns#managedZonesListResponse", "managedZones",
                          [z for z in items if wanted in (None, z["dnsName"])])

    def managed(self, q):
        self.project(q)
        return self.zone_by_id(q.args["zone"])

    # -- sets

    def data(self, record):
        return quote(record.value) if record.type == "TXT" else record.value

    def sets(self, zone):
        names = []
        for r in zone.records:
            if (r.name, r.type) not in names:
                names.append((r.name, r.type))
        return [self.set_of(zone, *n) for n in names]

    def set_of(self, zone, name, type):
        records = zone.find(name, type)
        return {"kind": "dns#resourceRecordSet", "name": name + ".", "type": type, "ttl": records[0].ttl,
                "rrdatas": [self.data(r) for r in records], "signatureRrdatas": []} if records else None

    @route("GET", BASE + "/{zone}/rrsets")
    def rrsets(self, q):
        zone = self.managed(q)
        if "type" in q.query and "name" not in q.query:
            return self.said(400, "type needs name", "invalid")
        items = [s for s in self.sets(zone) if q.query.get("name") in (None, s["name"])
                 and q.query.get("type") in (None, s["type"])]
        return self.paged(q, "dns#resourceRecordSetsListResponse", "rrsets", items)

    def checked(self, item):
        if not item["name"].endswith(".") or not isinstance(item["rrdatas"], list) or not item["rrdatas"]:
            raise Bad(f"Invalid value for 'entity.change': {item['name']}")
        if type(item["ttl"]) is not int or item["ttl"] < 0:
            raise Bad("Invalid value for ttl")
        if item["type"] == "TXT":
            item = {**item, "values": [unquote(d) for d in item["rrdatas"]]}
            if len(set(item["values"])) != len(item["values"]):
                raise Bad("Duplicate rrdatas")
        return item

    @route("POST", BASE + "/{zone}/changes")
    def change(self, q):
        zone, body = self.managed(q), q.json
        deletions = [self.checked(i) for i in body.get("deletions", [])]
        additions = [self.checked(i) for i in body.get("additions", [])]
        if not deletions and not additions:
            return self.said(400, "The change is empty", "required")
        gone = set()
        for item in deletions:
            name = item["name"][:-1].lower()
            is_ = self.set_of(zone, name, item["type"])
            if not is_:
                return self.said(404, f"The 'entity.change.deletions[0]' resource named '{item['name']} ({item['type']})' does not "
                                      "exist.", "notFound")
            if is_["ttl"] != item["ttl"] or sorted(is_["rrdatas"]) != sorted(item["rrdatas"]):
                return self.said(412, "Precondition not met for 'entity.change.deletions[0]'.", "conditionNotMet")
            gone.add((name, item["type"]))
        for item in additions:
            name = item["name"][:-1].lower()
            if (name, item["type"]) not in gone and zone.find(name, item["type"]):
                return self.said(409, f"The resource 'entity.change.additions[0]' named '{item['name']} ({item['type']})' already "
                                      "exists", "alreadyExists")
        for name, type_ in gone:
            zone.replace(name, type_, [])
        for item in additions:
            zone.replace(item["name"][:-1].lower(), item["type"], item["values"], item["ttl"])
        self.changes.append({"kind": "dns#change", "id": str(len(self.changes) + 1), "status": "pending",
                             "startTime": "2026-01-01T00:00:00.000Z", "additions": additions, "deletions": deletions})
        return self.changes[-1]

    @route("GET", BASE + "/{zone}/changes/{id}")
    def change_get(self, q):
        self.managed(q)
        number = int(q.args["id"])
        if not 1 <= number <= len(self.changes):
            raise Bad("The change does not exist", 404)
        change = dict(self.changes[number - 1])
        self.changes[number - 1]["status"] = "done"
        return change

    @route("GET", BASE + "/{zone}/changes")
    def changes_list(self, q):
        self.managed(q)
        items = [dict(i) for i in (self.changes[::-1] if q.query.get("sortOrder") == "descending" else self.changes)]
        for change in self.changes:
            change["status"] = "done"
        return self.paged(q, "dns#changesListResponse", "changes", items)
