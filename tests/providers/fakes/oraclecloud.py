"""Oracle Cloud Infrastructure DNS 20180115, requests signed by RSA-SHA256.

https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm     signature, required headers, clock skew of 5 minutes
https://docs.oracle.com/en-us/iaas/api/#/en/dns/20180115/RRSet/GetRRSet         opc-next-page, page, limit
https://docs.oracle.com/en-us/iaas/api/#/en/dns/20180115/RRSet/PatchRRSet
https://docs.oracle.com/en-us/iaas/api/#/en/dns/20180115/datatypes/RecordOperation      ADD, REMOVE succeed when nothing is to do
https://docs.oracle.com/en-us/iaas/Content/API/References/apierrors.htm         codes; not authorized and not found are both 404
rdata is in presentation format. The time to live belongs to the whole set.
"""
import base64
import email.utils
import hashlib
import re
import time

import rsa
from fakelib import Bad, Fake, answer_of, loose, quote, route

RRSET = "/20180115/zones/{zone}/records/{name}/{type}"


def fingerprint(key):
    der = rsa.openssl("pkey", "-pubout", "-outform", "DER", input=key.encode(), check=True).stdout
    digest = hashlib.md5(der).hexdigest()
    return ":".join(digest[i:i + 2] for i in range(0, 32, 2))


class Api(Fake):
    hosts = ("dns.eu-frankfurt-1.oraclecloud.com",)
    key, public = rsa.make()
    print_ = fingerprint(key)
    tenancy, user = "ocid1.tenancy.oc1..aaaaaaaafake7tenancy", "ocid1.user.oc1..aaaaaaaafake7user"
    creds = {"key": key, "other_key": rsa.make()[0], "tenancy": tenancy, "user": user, "fingerprint": print_, "region": "eu-frankfurt-1"}

    def signed_text(self, q, names):
        values = {"(request-target)": f"{q.method.lower()} {q.raw_path}{'?' + q.raw_query if q.raw_query else ''}"}
        return "\n".join(f"{n}: {values.get(n) or q.headers[n]}" for n in names).encode()

    def auth(self, q):
        scheme, _, rest = (q.headers.get("Authorization") or "").partition(" ")
        fields = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        names = fields.get("headers", "").split()
        needed = {"date", "(request-target)", "host"}
        if q.method in ("POST", "PUT", "PATCH"):
            needed |= {"content-length", "content-type", "x-content-sha256"}
            if q.headers.get("x-content-sha256") != base64.b64encode(hashlib.sha256(q.body).digest()).decode():
                return False
        when = email.utils.parsedate_to_datetime(q.headers["date"]).timestamp() if q.headers.get("date") else 0
        return scheme == "Signature" and fields.get("version") == "1" and fields.get("algorithm") == "rsa-sha256" and \
            fields.get("keyId") == f"{self.tenancy}/{self.user}/{self.print_}" and needed <= set(names) and \
            abs(time.time() - when) < 300 and \
            rsa.verified(self.public, self.signed_text(q, names), base64.b64decode(fields["signature"]))

    def said(self, status, code, words):
        return status, {"code": code, "message": words}

    def denied(self, q):
        return self.said(401, "NotAuthenticated", "The required information to complete authentication was not provided or was incorrect.")

    def error(self, status, words):
        return self.said(status, {401: "NotAuthenticated", 404: "NotAuthorizedOrNotFound", 409: "Conflict", 429: "TooManyRequests",
                                  500: "InternalServerError"}.get(status, "InvalidParameter"), words)

    def quota(self, words):
        return self.said(400, "LimitExceeded", words)

    def compartment(self, q):
        if q.query.get("compartmentId", "ocid1.").startswith("ocid1."):
            return
        raise Bad("compartmentId is not right")

    @route("GET", "/20180115/zones/{zone}")
    def zone_get(self, q):
        self.compartment(q)
        zone = self.zone(q.args["zone"])
        return {"name": zone.name, "zoneType": "PRIMARY", "id": f"ocid1.dns-zone.oc1..{zone.id}", "serial": self.store.version,
                "lifecycleState": "ACTIVE"}

    def shown(self, r):
        data = quote(r.value) if r.type == "TXT" else r.value
        return {"domain": r.name, "recordHash": hashlib.md5(data.encode()).hexdigest(), "isProtected": False, "rdata": data,
                "rrsetVersion": "7", "rtype": r.type, "ttl": r.ttl}

    @route("GET", RRSET)
    def rrset_get(self, q):
        self.compartment(q)
        zone = self.zone(q.args["zone"])
        number = int(q.query.get("page", "1"))
        items, pages = self.page([self.shown(r) for r in zone.find(q.args["name"], q.args["type"])], number, q.query.get("limit"))
        answer = answer_of({"items": items})
        answer.headers["opc-total-items"] = str(len(items))
        if number < pages:
            answer.headers["opc-next-page"] = str(number + 1)
        return answer

    def operate(self, zone, q, item):
        if item["domain"] != q.args["name"] or item["rtype"] != q.args["type"]:
            raise Bad("domain or rtype is another than in the path")
        value = loose(item["rdata"]) if "rdata" in item else None
        there = zone.find(item["domain"], item["rtype"], value)
        if item["operation"] == "REMOVE":
            for r in there:
                zone.remove(r)
        elif item["operation"] == "ADD":
            if type(item["ttl"]) is not int or not 1 <= item["ttl"] <= 604800:
                raise Bad("ttl is not right")
            for r in zone.find(item["domain"], item["rtype"]):
                r.ttl = item["ttl"]
            if not there:
                zone.add(item["domain"], item["rtype"], value, item["ttl"])
        else:
            raise Bad("operation: this fake knows ADD and REMOVE")

    @route("PATCH", RRSET)
    def rrset_patch(self, q):
        self.compartment(q)
        zone = self.zone(q.args["zone"])
        for item in q.json["items"]:
            self.operate(zone, q, item)
        return {"items": [self.shown(r) for r in zone.find(q.args["name"], q.args["type"])]}
