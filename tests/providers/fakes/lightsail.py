"""Amazon Lightsail, domains, 2016-11-28.

https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/Welcome.html
JSON 1.1: POST / with X-Amz-Target. GetDomain gives all entries. Names are whole; TXT targets are in quotes. An entry is deleted by what it
is (name, type, target; the id if given must be its). Errors: HTTP 400 (404 NotFoundException, 403 AccessDenied) and {__type, message}.
"""
import json

import signed
from fakelib import Bad, Fake, answer_of, quote, route, unquote

CODES = {400: "InvalidInputException", 401: "UnauthenticatedException", 403: "AccessDeniedException", 404: "NotFoundException",
         409: "InvalidInputException", 422: "InvalidInputException", 429: "ThrottlingException", 500: "ServiceException"}


class Api(Fake):
    hosts = ("lightsail.us-east-1.amazonaws.com",)
    creds = {"id": "AKIALIGHTSAILEXAMPLE", "secret": "canaryLightsail/8Hn2Bv5Cx7Za1Qs4Wd6Ef9Rg"}

    def auth(self, q):
        return signed.aws4(q, self.creds["id"], self.creds["secret"], "us-east-1", "lightsail")

    def denied(self, q):
        return self.error(400, "The security token included in the request is invalid.", "UnrecognizedClientException")

    def error(self, status, words, code=None):
        answer = answer_of((status, {"__type": code or CODES.get(status, "Error"), "message": words}))
        answer.type = "application/x-amz-json-1.1"
        return answer

    def quota(self, words):
        return self.error(400, words, "InvalidInputException")

    @route("POST", "/")
    def call(self, q):
        service, _, action = (q.headers.get("X-Amz-Target") or "").partition(".")
        if service != "Lightsail_20161128" or action not in ("GetDomain", "CreateDomainEntry", "DeleteDomainEntry"):
            return self.error(400, "no such operation", "UnknownOperationException")
        if q.headers.get("Content-Type") != "application/x-amz-json-1.1":
            return self.error(400, "content type", "SerializationException")
        body = json.loads(q.body)
        zone = self.zone(body["domainName"])
        return getattr(self, action)(zone, body.get("domainEntry"))

    def GetDomain(self, zone, entry):
        return {"domain": {"name": zone.name, "arn": "arn:aws:lightsail:global:1:Domain/x", "resourceType": "Domain", "domainEntries": [
            {"id": str(r.id), "name": r.name, "type": r.type, "target": quote(r.value) if r.type == "TXT" else r.value, "isAlias": False}
            for r in zone.records]}}

    def operation(self, kind):
        return {"operation": {"id": "0a1b", "operationType": kind, "status": "Succeeded", "isTerminal": True}}

    def CreateDomainEntry(self, zone, entry):
        value = unquote(entry["target"]) if entry["type"] == "TXT" else entry["target"]
        if zone.find(entry["name"], entry["type"], value):
            raise Bad("the entry exists")
        zone.add(entry["name"], entry["type"], value, 60)
        return self.operation("CreateDomainEntry")

    def DeleteDomainEntry(self, zone, entry):
        value = unquote(entry["target"]) if entry["type"] == "TXT" else entry["target"]
        for r in zone.find(entry["name"], entry["type"], value, id=entry.get("id")):
            zone.remove(r)
            return self.operation("DeleteDomainEntry")
        raise Bad("the entry does not exist", 404)
