"""EUserv support API.

https://support.euserv.com/api-doc/
Everything is GET with method=json; the first request gives a session, login and choose_order belong to it; code 100 is success,
10006 a failed login; every value is wrapped in {value} and is text; the records of all domains of the order, in pages of
dns_record_count_max, can be narrowed to a domain, a type, a keyword. Shapes as in the answers recorded by lego.
"""
from fakelib import Bad, Fake, public, route


def v(x):
    return {"value": str(x)}


class Api(Fake):
    hosts = ("support.euserv.com",)
    creds = {"email": "kit@example.test", "password": "canary-euserv-Wd3Fv6Gb", "order": "472310"}

    def setup(self):
        self.sessions = {}

    def error(self, status, words):
        return status if status in (401, 403, 409, 429, 500) else 200, {"message": words,
                "code": {404: "10004", 400: "10010"}.get(status, "10999"), "result": []}

    def done(self, **result):
        return {"message": "success", "code": "100", "result": result or []}

    @public
    @route("GET", "/")
    def call(self, q):
        p = q.query
        if p["method"] != "json":
            raise Bad("method")
        session, what = p.get("sess_id"), p.get("subaction", p.get("action", ""))
        if not what:
            session = "s%050x" % (len(self.sessions) + 7)
            self.sessions[session] = 0
            return self.done(sess_id=v(session))
        if session not in self.sessions:
            return {"message": "Session is not valid, please login", "code": "10001", "result": []}
        if what == "login":
            if (p["email"], p["password"]) != (self.creds["email"], self.creds["password"]):
                return {"message": "Login failed.<br>Please check email address/customer ID and password.", "code": "10006",
                        "result": {"sess_id": v(session)}}
            self.sessions[session] = 1
            return self.done(sess_id=v(session))
        if self.sessions[session] < 1 or what.startswith("kc2") and self.sessions[session] < 2:
            return {"message": "Please login and choose an order", "code": "10002", "result": []}
        return getattr(self, "do_" + what)(p, session)

    def do_logout(self, p, session):
        del self.sessions[session]
        return self.done()

    def do_choose_order(self, p, session):
        if p["ord_no"] != self.creds["order"]:
            raise Bad("order not found")
        self.sessions[session] = 2
        return self.done()

    def shown(self, r, zone):
        return {"id": v(r.id), "name": v(r.name), "type": v(r.type), "subdomain": v(zone.relative(r.name, "")),
                "content": v(r.value), "ttl": v(r.ttl), "prio": v("")}

    def do_kc2_domain_dns_get_records(self, p, session):
        zones = [z for z in self.store.zones.values() if p.get("dns_records_load_only_for_dom_id", str(z.id)) == str(z.id)]
        all = [(z, r) for z in zones for r in z.records if p.get("dns_records_load_type", r.type) == r.type
               and p.get("dns_records_load_keyword", r.name) in r.name + " " + r.value]
        part, last = self.page(all, p.get("dns_records_load_page"))
        domains = [{"dom_id": v(z.id), "dom_domain": v(z.name), "nameservers_using_default": v(1), "dns_record_count": v(len(z.records)),
                    "dns_records": [self.shown(r, z) for y, r in part if y is z]} for z in dict.fromkeys(z for z, r in part)]
        return self.done(dns_record_count_max=v(self.page_most), dns_record_count_total=v(len(all)),
                         dns_records_load_page=v(p.get("dns_records_load_page", 1)), domains=domains)

    def do_kc2_domain_dns_set(self, p, session):
        zone = self.zone_by_id(p["dom_id"])
        if int(p["ttl"]) < 60 or "dns_record_id" in p:
            raise Bad("ttl is too low")
        zone.add(zone.absolute(p.get("subdomain", "")), p["type"], p["content"], int(p["ttl"]))
        return self.done(sess_id=v(session))

    def do_kc2_domain_dns_remove(self, p, session):
        zone, record = self.record_anywhere(p["dns_record_id"])
        zone.remove(record)
        return self.done(sess_id=v(session))
