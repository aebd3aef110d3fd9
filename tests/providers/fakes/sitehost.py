"""SiteHost API 1.5, module dns.

https://docs.sitehost.nz/api/v1.5/
apikey and client_id are parameters, first of all; answers are {return, msg, status}, status false for errors. Domains are listed in pages
(filters[page_number]); names of records are absolute; ids are texts of digits. The words of errors are assumed.
"""
from fakelib import Bad, Fake, route


class Api(Fake):
    hosts = ("api.sitehost.nz",)
    creds = {"key": "d17bd5a1canarysitehost9a0", "client": "293785"}

    def auth(self, q):
        first = (q.raw_query if q.method == "GET" else q.body.decode()).partition("=")[0]
        return first == "apikey" and q.params.get("apikey") == self.creds["key"]

    def denied(self, q):
        return 403, {"msg": "Error: Invalid API Key.", "status": False}

    def error(self, status, words):
        return status, {"return": [], "msg": "Error: " + words, "status": False}

    def domain(self, q):
        if q.params["client_id"] != self.creds["client"]:
            raise Bad("You do not have access to this client", 403)
        return self.zone(q.params["domain"])

    def told(self, what):
        return {"return": what, "msg": "Successful.", "status": True}

    @route("GET", "/1.5/dns/list_domains.json")
    def domains(self, q):
        number = int(q.query.get("filters[page_number]", 1))
        items, pages = self.page(list(self.store.zones.values()), number)
        return self.told({"total_items": str(len(self.store.zones)), "current_items": len(items), "current_page": number, "total_pages": pages,
                          "data": [{"name": z.name, "client_id": self.creds["client"], "template_id": "0"} for z in items]})

    @route("GET", "/1.5/dns/list_records.json")
    def records(self, q):
        return self.told([{"id": str(r.id), "name": r.name, "type": r.type, "content": r.value, "ttl": str(r.ttl), "priority": "0",
                           "change_date": "1439435310"} for r in self.domain(q).records])

    @route("POST", "/1.5/dns/add_record.json")
    def add(self, q):
        zone, f = self.domain(q), q.form
        zone.add(f["name"].rstrip(".").lower(), f["type"], f["content"], 3600)
        return self.told(None)

    @route("POST", "/1.5/dns/delete_record.json")
    def delete(self, q):
        zone = self.domain(q)
        zone.remove(self.record(zone, q.form["record_id"]))
        return self.told(None)
