"""UCloud API, domain names (UDNR).

https://docs.ucloud.cn/api/udnr-api/udnr_domain_dns_add
https://docs.ucloud.cn/api/summary/signature
All parameters in a form; Signature is the SHA-1 of all others (name and value one after the other, sorted by name) and the private key;
names are absolute; answers are {RetCode, Action, Message, Data}: RetCode 171 is a wrong signature, other trouble other numbers.
"""
import hashlib

from fakelib import Fake, route, told, WORDS


class Api(Fake):
    hosts = ("api.ucloud.cn",)
    creds = {"public": "kitpublickey4Z0q", "private": "canaryucloud8tTq0Wm1Zx"}

    def auth(self, q):
        p = q.form
        text = "".join(k + v for k, v in sorted(p.items()) if k != "Signature") + self.creds["private"]
        return p.get("PublicKey") == self.creds["public"] and p.get("Signature") == hashlib.sha1(text.encode()).hexdigest()

    def denied(self, q):
        return {"Action": "", "Message": "Signature VerifyAC Error", "RetCode": 171}

    error = told({"Action": "", "Message": WORDS, "RetCode": 230})

    def failed(self, words, code):
        return {"Action": "", "Message": words, "RetCode": code}

    def ok(self, action, data):
        return {"Action": action + "Response", "Message": "", "RetCode": 0, "Data": data}

    @route("POST", "/")
    def rpc(self, q):
        p = q.form
        zone = self.store.zones.get(p["Dn"])
        if not zone:
            return self.failed("Domain not found in this account", 36105)
        return getattr(self, "do_" + p["Action"])(zone, p)

    def do_UdnrDomainDNSQuery(self, zone, p):
        return self.ok(p["Action"], [{"DnsType": r.type, "RecordName": r.name, "Content": r.value, "TTL": str(r.ttl)} for r in zone.records])

    def do_UdnrDomainDNSAdd(self, zone, p):
        if int(p["TTL"]) < 600:
            return self.failed("Params [TTL] not available", 230)
        zone.add(p["RecordName"].lower(), p["DnsType"], p["Content"], int(p["TTL"]))
        return self.ok(p["Action"], "")

    def do_UdnrDeleteDnsRecord(self, zone, p):
        found = zone.find(p["RecordName"].lower(), p["DnsType"], p["Content"])
        if not found:
            return self.failed("record not found", 36110)
        zone.remove(found[0])
        return self.ok(p["Action"], {})
