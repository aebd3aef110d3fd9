"""Amazon Route 53, 2013-04-01, with STS (2011-06-15) and the metadata services of containers and instances.

https://docs.aws.amazon.com/Route53/latest/APIReference/
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
XML. Zones and sets are listed from a name on, in the order of the labels from the right, names with a final dot. A batch is done as a
whole or not at all: DELETE must name the set as it is (name, type, TTL, values), CREATE needs that there is none. Errors of a batch are
<InvalidChangeBatch> with <Messages>. A change is PENDING at first, INSYNC when asked again. There is a private zone example.test too.
"""
import hashlib
import xml.etree.ElementTree as ET

import signed
from fakelib import Answer, Bad, Fake, element as e, quote, route, unquote

NS = "https://route53.amazonaws.com/doc/2013-04-01/"
CODES = {400: "InvalidInput", 401: "InvalidClientTokenId", 403: "AccessDenied", 404: "NoSuchHostedZone", 409: "ConcurrentModification",
         422: "InvalidInput", 429: "Throttling", 500: "InternalFailure"}
STS_NS = "https://sts.amazonaws.com/doc/2011-06-15/"


def order(name):
    return [label for label in reversed(name.rstrip(".").split("."))]


class BatchError(Bad):
    pass


class Api(Fake):
    hosts = ("route53.amazonaws.com", "sts.us-east-1.amazonaws.com")
    creds = {"id": "AKIAROUTE53EXAMPLE0", "secret": "canaryRoute53SecretKey/K7MDENGbPxRfiCYzz9"}
    role = {"id": "ASIAROLEEXAMPLE00001", "secret": "canaryRoleSecret/8Qw7Er6Ty5Ui4Op3As2Df1", "token": "canaryRoleSessionToken//FwoGZXIvYXdz=="}
    arn = "arn:aws:iam::123456789012:role/dnsproof"
    page_most = 300

    def setup(self):
        self.changes = {}

    def zone_id(self, name, number):
        return f"Z{number:X}{hashlib.sha1(name.encode()).hexdigest()[:12].upper()}"

    def auth(self, q):
        if q.path.startswith("/latest/") or q.path.startswith("/creds"):
            return True
        service = "sts" if q.path == "/" else "route53"
        if q.path == "/" and b"WithWebIdentity" in q.body:
            return True
        return (signed.aws4(q, self.creds["id"], self.creds["secret"], "us-east-1", service)
                or signed.aws4(q, self.role["id"], self.role["secret"], "us-east-1", service, self.role["token"]))

    def denied(self, q):
        return self.error(403, "The request signature we calculated does not match", "SignatureDoesNotMatch")

    def xml(self, root, status=200):
        return Answer(status, b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root), "text/xml")

    def error(self, status, words, code=None):
        code = code or CODES.get(status, "Error")
        return self.xml(e("ErrorResponse", e("Error", e("Type", "Sender"), e("Code", code), e("Message", words)), e("RequestId", "r"),
                          xmlns=NS), 400 if status in (422, 429) else status)

    def limited(self, words, after):
        return self.error(429, words, "Throttling")

    def quota(self, words):
        return self.xml(e("InvalidChangeBatch", e("Messages", e("Message", words)), e("RequestId", "r"), xmlns=NS), 400)

    def hosted(self, zone, private=False):
        return e("HostedZone", e("Id", "/hostedzone/" + ("ZPRIVATE0001" if private else zone.id)), e("Name", zone.name + "."),
                 e("CallerReference", "x"), e("Config", e("PrivateZone", str(private).lower())), e("ResourceRecordSetCount", 3))

    @route("GET", "/2013-04-01/hostedzonesbyname")
    def by_name(self, q):
        zones = sorted(self.store.zones.values(), key=lambda z: order(z.name))
        if "dnsname" in q.query:
            zones = [z for z in zones if order(z.name) >= order(q.query["dnsname"])]
        part = zones[:self.page_size(q.query.get("maxitems", 100))]
        shown = []
        for zone in part:
            shown += [self.hosted(zone, True), self.hosted(zone)] if zone.name == "example.test" else [self.hosted(zone)]
        return self.xml(e("ListHostedZonesByNameResponse", e("HostedZones", *shown) if shown else e("HostedZones"),
                          e("IsTruncated", str(len(part) < len(zones)).lower()), e("MaxItems", len(part)), xmlns=NS))

    def sets_of(self, zone):
        keys = dict.fromkeys((r.name, r.type) for r in zone.records)
        return sorted(keys, key=lambda k: (order(k[0]), k[1]))

    def shown(self, zone, name, type):
        found = zone.find(name, type)
        return e("ResourceRecordSet", e("Name", name + "."), e("Type", type), e("TTL", found[0].ttl), e("ResourceRecords", *[
            e("ResourceRecord", e("Value", quote(r.value) if type == "TXT" else r.value)) for r in found]))

    def zone_of(self, q):
        try:
            return self.zone_by_id(q.args["id"])
        except Bad:
            raise Bad("No hosted zone found with ID: " + q.args["id"], 404)

    @route("GET", "/2013-04-01/hostedzone/{id}/rrset")
    def sets(self, q):
        zone, name, type = self.zone_of(q), q.query.get("name"), q.query.get("type", "")
        keys = [k for k in self.sets_of(zone) if not name or (order(k[0]), k[1]) >= (order(name), type)]
        part = keys[:self.page_size(q.query.get("maxitems", 300))]
        return self.xml(e("ListResourceRecordSetsResponse",
                          e("ResourceRecordSets", *[self.shown(zone, *k) for k in part]) if part else e("ResourceRecordSets"),
                          e("IsTruncated", str(len(part) < len(keys)).lower()), e("MaxItems", len(part)), xmlns=NS))

    def change(self, zone, change):
        ns = {"r": NS}
        text = lambda path: change.findtext(path, namespaces=ns)
        action, name, type = text("r:Action"), text("r:ResourceRecordSet/r:Name"), text("r:ResourceRecordSet/r:Type")
        ttl = int(text("r:ResourceRecordSet/r:TTL"))
        values = [v.text for v in change.findall("r:ResourceRecordSet/r:ResourceRecords/r:ResourceRecord/r:Value", ns)]
        name = name.rstrip(".").lower()
        values = [unquote(v) if type == "TXT" else v for v in values]
        there = zone.find(name, type)
        label = f"[name='{name}.', type='{type}']"
        if not name.endswith("." + zone.name) and name != zone.name:
            raise BatchError(f"RRSet with DNS name {name}. is not permitted in zone {zone.name}.")
        if not values or len(set(values)) != len(values):
            raise BatchError(f"Duplicate or no Resource Record: {label}")
        if action == "CREATE":
            if there:
                raise BatchError(f"Tried to create resource record set {label} but it already exists")
            zone.replace(name, type, values, ttl)
        elif action == "DELETE":
            if not there:
                raise BatchError(f"Tried to delete resource record set {label} but it was not found")
            if sorted(r.value for r in there) != sorted(values) or there[0].ttl != ttl:
                raise BatchError(f"Tried to delete resource record set {label} but the values provided do not match the current values")
            zone.replace(name, type, [])
        elif action == "UPSERT":
            zone.replace(name, type, values, ttl)
        else:
            raise Bad("action")

    @route("POST", "/2013-04-01/hostedzone/{id}/rrset/")
    def change_sets(self, q):
        zone, root = self.zone_of(q), q.xml
        if root.tag != "{%s}ChangeResourceRecordSetsRequest" % NS:
            raise Bad("the request's name space")
        saved = self.store.save()
        try:
            for change in root.findall("r:ChangeBatch/r:Changes/r:Change", {"r": NS}):
                self.change(zone, change)
        except BatchError as error:
            self.store.load(saved)
            return self.xml(e("InvalidChangeBatch", e("Messages", e("Message", str(error))), e("RequestId", "r"), xmlns=NS), 400)
        id = f"C{self.store.new_id():X}CHANGE"
        self.changes[id] = 0
        return self.xml(e("ChangeResourceRecordSetsResponse", self.change_info(id, "PENDING"), xmlns=NS))

    def change_info(self, id, state):
        return e("ChangeInfo", e("Id", "/change/" + id), e("Status", state), e("SubmittedAt", "2026-11-21T00:00:00Z"))

    @route("GET", "/2013-04-01/change/{id}")
    def change_get(self, q):
        if q.args["id"] not in self.changes:
            return self.error(404, "no such change", "NoSuchChange")
        self.changes[q.args["id"]] += 1
        return self.xml(e("GetChangeResponse", self.change_info(q.args["id"], "INSYNC" if self.changes[q.args["id"]] > 1 else "PENDING"), xmlns=NS))

    # -- where credentials come from

    @route("POST", "/")
    def sts(self, q):
        action = q.form["Action"]
        if q.form["Version"] != "2011-06-15" or q.form["RoleArn"] != self.arn or not q.form["RoleSessionName"]:
            return self.error(403, "not authorized to perform: sts:" + action, "AccessDenied")
        if action == "AssumeRole" and q.form.get("ExternalId") != "canary-external-1":
            return self.error(403, "not authorized to perform: sts:AssumeRole", "AccessDenied")
        if action == "AssumeRoleWithWebIdentity" and q.form.get("WebIdentityToken") != "canaryweb.identity.token":
            return self.error(400, "Couldn't retrieve verification key", "InvalidIdentityToken")
        r = self.role
        return self.xml(e(action + "Response", e(action + "Result", e("Credentials", e("AccessKeyId", r["id"]), e("SecretAccessKey", r["secret"]),
                          e("SessionToken", r["token"]), e("Expiration", "2099-01-01T00:00:00Z"))), xmlns=STS_NS))

    def role_json(self):
        r = self.role
        return {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": r["id"], "SecretAccessKey": r["secret"], "Token": r["token"],
                "Expiration": "2099-01-01T00:00:00Z"}

    @route("GET", "/creds")
    def container(self, q):
        if q.headers.get("Authorization") != "canary-container-token":
            return 403, {"code": "AccessDenied"}
        return self.role_json()

    @route("PUT", "/latest/api/token")
    def session(self, q):
        if not q.headers.get("X-aws-ec2-metadata-token-ttl-seconds"):
            return 400, "ttl"
        return "canary-imds-session"

    @route("GET", "/latest/meta-data/iam/security-credentials/")
    def roles(self, q):
        return "dnsproof-role" if q.headers.get("X-aws-ec2-metadata-token") == "canary-imds-session" else (401, "Unauthorized")

    @route("GET", "/latest/meta-data/iam/security-credentials/dnsproof-role")
    def role_get(self, q):
        return self.role_json() if q.headers.get("X-aws-ec2-metadata-token") == "canary-imds-session" else (401, "Unauthorized")
