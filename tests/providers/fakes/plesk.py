"""Plesk XML API (agent.php), sites and DNS records.

https://docs.plesk.com/en-US/obsidian/api-rpc/about-xml-api/reference/managing-dns.34755/
All is POST and answered with status 200: a result with status ok, or error with errcode (1013: no such object) and errtext; what
concerns the whole packet is in <system> (1001: wrong name or password). Hosts are given relative and listed absolute with a final dot.
"""
from fakelib import Answer, Fake, element, given, route


class Api(Fake):
    creds = {"username": "kitcustomer", "password": "canary-plesk-x7Lq93Vw"}

    auth = given("headers", {"HTTP_AUTH_LOGIN": "username", "HTTP_AUTH_PASSWD": "password"})

    def denied(self, q):
        return self.system(1001, "You have entered incorrect username or password.")

    def system(self, code, words):
        return element("packet", element("system", *self.bad(code, words)), version="1.6.9.1")

    def bad(self, code, words):
        return element("status", "error"), element("errcode", code), element("errtext", words)

    def error(self, status, words):
        if status in (401, 403, 404):
            return self.system({401: 1001, 403: 1006, 404: 1013}[status], words)
        return (status if status in (409, 500) else 200), self.system(1023, words)

    def limited(self, words, after):
        return Answer(429, words, "text/plain", {"Retry-After": str(after)})

    def packet(self, kind, operation, *results):
        return element("packet", element(kind, element(operation, *results)), version="1.6.9.1")

    def result(self, *inside):
        return element("result", *inside)

    def rec(self, r):
        return self.result(element("status", "ok"), element("id", r.id), element("data", element("site-id", 1), element("type", r.type),
                           element("host", r.name + "."), element("value", r.value), element("opt", "")))

    @route("POST", "/enterprise/control/agent.php")
    def agent(self, q):
        if q.headers.get("Content-Type", "").split(";")[0] != "text/xml":
            return self.system(1014, "Parser error: the request is not XML")
        kind = q.xml[0]
        return getattr(self, f"do_{kind.tag}_{kind[0].tag}")(kind[0])

    def do_site_get(self, e):
        zone = self.store.zones.get(e.find("filter/name").text)
        if not zone:
            return self.packet("site", "get", self.result(*self.bad(1013, "Site does not exist")))
        return self.packet("site", "get", self.result(element("status", "ok"), element("filter-id", zone.name), element("id", zone.id),
                           element("data", element("gen_info", element("name", zone.name), element("ascii-name", zone.name)))))

    def do_dns_get_rec(self, e):
        zone = self.zone_by_id(e.find("filter/site-id").text)
        return self.packet("dns", "get_rec", *[self.rec(r) for r in zone.records])

    def do_dns_add_rec(self, e):
        zone = self.zone_by_id(e.find("site-id").text)
        r = zone.add(zone.absolute(e.find("host").text or ""), e.find("type").text, e.find("value").text, 300)
        return self.packet("dns", "add_rec", self.result(element("status", "ok"), element("id", r.id)))

    def do_dns_del_rec(self, e):
        for zone in self.store.zones.values():
            for r in zone.find(id=e.find("filter/id").text):
                zone.remove(r)
                return self.packet("dns", "del_rec", self.result(element("status", "ok"), element("id", r.id)))
        return self.packet("dns", "del_rec", self.result(*self.bad(1013, "Record does not exist")))
