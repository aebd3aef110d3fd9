"""Namecheap: one path, commands in a form, XML back; the whole zone is written each time.

https://www.namecheap.com/support/api/global-parameters/                        ApiUser, ApiKey, UserName, ClientIp, Command
https://www.namecheap.com/support/api/methods/domains-dns/get-hosts/
https://www.namecheap.com/support/api/methods/domains-dns/set-hosts/            records left out are deleted; TTL 60 to 60000
https://www.namecheap.com/support/api/error-codes/                              numbers; errors come with HTTP status 200
The attributes FriendlyName, IsActive, IsDDNSEnabled and the lower-case element `host` are not in that documentation but in what the
API answers (lego's recorded answers).
"""
from fakelib import Bad, Fake, answer_of, element, route

TYPES = ("A", "AAAA", "ALIAS", "CAA", "CNAME", "MX", "MXE", "NS", "TXT", "URL", "URL301", "FRAME")
NUMBERS = {401: 1011102, 403: 1011150, 404: 2019166, 409: 3031510, 422: 2015280, 429: 500000, 500: 5050900}


class Api(Fake):
    hosts = ("api.namecheap.com",)
    creds = {"user": "canaryuser", "key": "canary41b7dd7e4ff3a8c1e0aa", "ip": "192.0.2.77"}
    zones = ("other.test", "ample.test", "example.test.other.test", "example.co.test", "example.test")

    def setup(self):
        self.mail = {name: "MX" for name in self.zones}

    def auth(self, q):
        f = q.form
        return (f.get("ApiUser"), f.get("ApiKey"), f.get("UserName"), f.get("ClientIp")) == \
            (self.creds["user"], self.creds["key"], self.creds["user"], self.creds["ip"])

    def answered(self, status, *children):
        response = element("ApiResponse", *children, xmlns="http://api.namecheap.com/xml.response", Status=status)
        return response

    def said(self, number, words):
        return self.answered("ERROR", element("Errors", element("Error", words, Number=number)), element("Warnings"),
                             element("RequestedCommand"))

    def denied(self, q):
        return self.said(1011102, "API Key is invalid or API access has not been enabled")

    def error(self, status, words):
        return self.said(NUMBERS.get(status, 2010324), words)

    def limited(self, words, after):
        return answer_of(self.said(500000, words))

    def quota(self, words):
        return self.said(3013288, words)

    def command(self, q, name, *results):
        return self.answered("OK", element("Errors"), element("Warnings"), element("RequestedCommand", name.lower()),
                             element("CommandResponse", *results, Type=name), element("Server", "PHX01"))

    @route("POST", "/xml.response")
    def run_command(self, q):
        f = q.form
        zone = self.store.zones.get(f"{f['SLD']}.{f['TLD']}")
        if "." in f["SLD"] or not zone:
            return self.said(2019166, f"Domain name not found: {f['SLD']}.{f['TLD']}")
        if f["Command"] == "namecheap.domains.dns.getHosts":
            return self.get_hosts(q, zone)
        if f["Command"] == "namecheap.domains.dns.setHosts":
            return self.set_hosts(q, zone)
        return self.said(1010104, "Parameter Command is invalid")

    def split(self, r):
        return r.value.split(" ", 1) if r.type == "MX" else ("10", r.value)

    def get_hosts(self, q, zone):
        records = [element("host", HostId=r.id, Name=zone.relative(r.name), Type=r.type, Address=self.split(r)[1],
                           MXPref=self.split(r)[0], TTL=r.ttl, AssociatedAppTitle="", FriendlyName="", IsActive="true",
                           IsDDNSEnabled="false") for r in zone.records]
        return self.command(q, "namecheap.domains.dns.getHosts", element(
            "DomainDNSGetHostsResult", *records, Domain=zone.name, EmailType=self.mail[zone.name], IsUsingOurDNS="true"))

    def set_hosts(self, q, zone):
        f, records, i = q.form, [], 1
        while f"HostName{i}" in f:
            name, type_, value, ttl = (f[f"{k}{i}"] for k in ("HostName", "RecordType", "Address", "TTL"))
            if type_ not in TYPES or not 60 <= int(ttl) <= 60000 or not value:
                raise Bad(f"record {i} is not right", 422)
            if type_ == "MX" and f.get("EmailType") != "MX":
                i += 1
                continue  # without its EmailType, MX records are ignored
            records.append((zone.absolute(name), type_, f"{f[f'MXPref{i}']} {value}" if type_ == "MX" else value, int(ttl)))
            i += 1
        if not f.get("EmailType"):
            self.mail[zone.name] = "NONE"
        for r in list(zone.records):
            zone.remove(r)
        for r in records:
            zone.add(*r)
        return self.command(q, "namecheap.domains.dns.setHosts", element(
            "DomainDNSSetHostsResult", element("Warnings"), Domain=zone.name, IsSuccess="true"))
