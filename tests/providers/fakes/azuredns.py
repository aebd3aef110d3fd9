"""Azure DNS: resource manager 2018-05-01, Microsoft Entra ID, instance metadata.

https://learn.microsoft.com/en-us/rest/api/dns/record-sets                       record sets, ETag, If-Match, If-None-Match
https://learn.microsoft.com/en-us/rest/api/dns/zones/list                        zones of a subscription, nextLink
https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow     secret, assertion, federation
https://learn.microsoft.com/en-us/entra/identity-platform/certificate-credentials               what an assertion must be
https://learn.microsoft.com/en-us/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
A PUT replaces the set whole, its metadata too; the error bodies are {"error": {"code", "message"}} (ARM's) or {"code", "message"} (DNS's).
"""
import base64
import json
import os
import subprocess
import tempfile
import time
import urllib.parse

from fakelib import Bad, Fake, public, route, session, told, WORDS

VERSION = "2018-05-01"
ZONES = "/subscriptions/{sub}/providers/Microsoft.Network/dnszones"
ZONE = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.Network/dnsZones/{zone}"
SET = ZONE + "/TXT/{name}"


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def pss_verified(certificate, text, signature):
    """By the openssl program."""
    with tempfile.TemporaryDirectory() as d:
        paths = [os.path.join(d, n) for n in ("crt", "pub", "text", "sig")]
        for path, octets in zip(paths, (certificate, b"", text, signature)):
            open(path, "wb").write(octets)
        subprocess.run(["openssl", "x509", "-in", paths[0], "-pubkey", "-noout", "-out", paths[1]], check=True)
        return subprocess.run(["openssl", "dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt",
                               "rsa_pss_saltlen:32", "-verify", paths[1], "-signature", paths[3], paths[2]],
                              capture_output=True).returncode == 0


class Api(Fake):
    hosts = ("management.azure.com", "login.microsoftonline.com")
    creds = {"subscription": "5f3b1c2e-7d1a-4c55-9a0e-2f8d6b1e0c11", "tenant": "0c9e4b7a-1111-4222-8333-444455556666",
             "client": "9d2b8a70-aaaa-4bbb-8ccc-ddddeeeeffff", "secret": "canary~Azure8Q~x.7Yq-0Zk_secret",
             "federated": "canary.federated-token.7c1e"}
    group = "rg-Dns_1"
    certificate = None  # PEM, set by the test of certificates
    page_most = 100

    def setup(self):
        self.tokens = {}
        self.metadata = {}
        self.resource = "https://management.azure.com"

    def token(self):
        token = f"canary-access-{len(self.tokens)}-{id(self):x}.e30.x"
        self.tokens[token] = time.time() + 3600
        return token

    auth = session()

    def denied(self, q):
        return 401, {"error": {"code": "InvalidAuthenticationToken", "message": "The access token is invalid."}}

    error = told({"error": {"code": "Failed", "message": WORDS}})

    def quota(self, words):
        return 400, {"code": "BadRequest", "message": words}

    # -- tokens

    def refuse(self, code, words):
        return 401 if code == "invalid_client" else 400, {"error": code, "error_description": f"AADSTS70000: {words}"}

    def assertion_fault(self, q, assertion):
        """None if it is a right one."""
        head, body, signature = assertion.split(".")
        header, claims = json.loads(unpadded(head)), json.loads(unpadded(body))
        der = base64.b64decode("".join(self.certificate.strip().splitlines()[1:-1]))
        import hashlib
        print_ = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
        if header != {"alg": "PS256", "typ": "JWT", "x5t#S256": print_}:
            return f"header {header}"
        if claims["aud"] != f"{self.login_base(q)}/{self.creds['tenant']}/oauth2/v2.0/token":
            return f"aud {claims['aud']}"
        if claims["iss"] != self.creds["client"] or claims["sub"] != self.creds["client"] or not claims["jti"]:
            return "iss, sub or jti"
        if not claims["nbf"] <= time.time() <= claims["exp"] <= time.time() + 3600:
            return "times"
        if not pss_verified(self.certificate.encode(), f"{head}.{body}".encode(), unpadded(signature)):
            return "signature"
        return None

    def login_base(self, q):
        return f"https://{q.host}" if q.host else self.base

    @route("POST", "/{tenant}/oauth2/v2.0/token")
    @public
    def login(self, q):
        form = q.form
        if q.args["tenant"] != self.creds["tenant"]:
            return self.refuse("invalid_request", "Tenant not found")
        if form.get("grant_type") != "client_credentials" or form.get("scope") != self.resource + "/.default":
            return self.refuse("invalid_scope", f"grant {form.get('grant_type')} scope {form.get('scope')}")
        if form.get("client_id") != self.creds["client"]:
            return self.refuse("unauthorized_client", "Application was not found")
        if "client_assertion" in form:
            if form.get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer":
                return self.refuse("invalid_request", "client_assertion_type")
            fault = None if form["client_assertion"] == self.creds["federated"] else \
                self.assertion_fault(q, form["client_assertion"]) if self.certificate else "unknown token"
            if fault:
                return self.refuse("invalid_client", f"Client assertion is not right: {fault}")
        elif form.get("client_secret") != self.creds["secret"]:
            return self.refuse("invalid_client", "Invalid client secret provided.")
        return {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": self.token()}

    @route("GET", "/metadata/identity/oauth2/token")
    @public
    def machine(self, q):
        if q.headers.get("Metadata") != "true" or q.query.get("api-version") != "2018-02-01":
            return 400, {"error": "invalid_request", "error_description": "Required metadata header not specified"}
        if q.query.get("resource") != "https://management.azure.com/":
            return 400, {"error": "invalid_resource", "error_description": "resource"}
        if q.query.get("client_id") not in (None, self.creds["client"]):
            return 400, {"error": "invalid_request", "error_description": "Identity not found"}
        now = int(time.time())
        return {"access_token": self.token(), "client_id": self.creds["client"], "expires_in": "86399",
                "expires_on": str(now + 86399), "not_before": str(now), "resource": q.query["resource"],
                "token_type": "Bearer"}

    # -- zones

    def versioned(self, q):
        if q.query.get("api-version") != VERSION:
            raise Bad("InvalidApiVersionParameter")
        if q.args["sub"] != self.creds["subscription"]:
            raise Bad(f"The subscription '{q.args['sub']}' could not be found.", 404)

    def shown(self, zone):
        return {"id": f"/subscriptions/{self.creds['subscription']}/resourceGroups/{self.group.lower()}/providers/"
                      f"Microsoft.Network/dnszones/{zone.name}", "name": zone.name, "type": "Microsoft.Network/dnszones",
                "location": "global", "tags": {}, "etag": "00000002-0000-0000-76c2-f7ad90b5d701",
                "properties": {"maxNumberOfRecordSets": 5000, "zoneType": "Public", "nameServers": ["ns1-01.azure-dns.com"]}}

    @route("GET", ZONES)
    def zones_list(self, q):
        self.versioned(q)
        number = int(q.query.get("$skipToken", "1"))
        items, pages = self.page([self.shown(z) for z in self.store.zones.values()], number, q.query.get("$top"))
        answer = {"value": items}
        if number < pages:
            answer["nextLink"] = f"{self.login_base(q)}{q.raw_path}?api-version={VERSION}&%24skipToken={number + 1}"
        return answer

    def zone_of(self, q):
        self.versioned(q)
        if q.args["group"].lower() != self.group.lower():
            raise Bad(f"Resource group '{q.args['group']}' could not be found.", 404)
        return self.zone(q.args["zone"])

    @route("GET", ZONE)
    def zone_get(self, q):
        return self.shown(self.zone_of(q))

    # -- record sets

    def etag(self, zone, name):
        return zone.etag(name, "TXT").strip('"') if zone.find(name, "TXT") else None

    def set_shown(self, q, zone, name):
        records = zone.find(name, "TXT")
        parts = [{"value": [r.value[i:i + 255] for i in range(0, len(r.value), 255)]} for r in records]
        return {"id": q.path, "name": q.args["name"], "type": "Microsoft.Network/dnszones/TXT", "etag": self.etag(zone, name),
                "properties": {"metadata": self.metadata.get(name, {}), "fqdn": name + ".", "TTL": records[0].ttl,
                               "TXTRecords": parts, "targetResource": {}, "provisioningState": "Succeeded"}}

    def precondition(self, q, zone, name):
        match, none = q.headers.get("If-Match"), q.headers.get("If-None-Match")
        etag = self.etag(zone, name)
        if none == "*" and etag or match == "*" and not etag or match not in (None, "*", etag):
            raise Bad("The condition '%s' in the If-Match header was not satisfied." % (match or none), 412)

    @route("GET", SET, absent=True)
    def set_get(self, q):
        zone = self.zone_of(q)
        name = zone.absolute(q.args["name"])
        if not zone.find(name, "TXT"):
            return 404, {"code": "NotFound", "message": f"The resource record '{q.args['name']}' does not exist in resource "
                                                        f"group '{q.args['group']}' of subscription '{q.args['sub']}'."}
        return self.set_shown(q, zone, name)

    @route("PUT", SET)
    def set_put(self, q):
        zone, body = self.zone_of(q), q.json
        name = zone.absolute(q.args["name"])
        self.precondition(q, zone, name)
        properties = body["properties"]
        ttl, records = properties["TTL"], properties["TXTRecords"]
        if type(ttl) is not int or not 1 <= ttl <= 2147483647:
            return 400, {"code": "BadRequest", "message": "The 'TTL' is not right"}
        if not records or any(len(s) > 255 for r in records for s in r["value"]):
            return 400, {"code": "BadRequest", "message": "TXT records are not right"}
        values = ["".join(r["value"]) for r in records]
        if len(set(values)) != len(values):
            return 400, {"code": "BadRequest", "message": "The record set has duplicate records"}
        was = bool(zone.find(name, "TXT"))
        self.metadata[name] = properties.get("metadata") or {}
        zone.replace(name, "TXT", values, ttl)
        return 200 if was else 201, self.set_shown(q, zone, name)

    @route("DELETE", SET)
    def set_delete(self, q):
        zone = self.zone_of(q)
        name = zone.absolute(q.args["name"])
        if not zone.find(name, "TXT"):
            return None
        self.precondition(q, zone, name)
        zone.replace(name, "TXT", [])
        return {}
