"""Binary Lane API v2, domain records.

https://api.binarylane.com.au/reference/#tag/Domains
Made after DigitalOcean's: names are relative, "@" at the apex; lists have 200 items at most, with links.pages.next and meta.total. Errors are
problem details (title, status, detail); DELETE answers 204.
"""
from fakelib import Fake, route, STATUS, told, WORDS

V2 = "/v2/domains/{zone}/records"


class Api(Fake):
    hosts = ("api.binarylane.com.au",)
    creds = {"token": "canary-binarylane-9Xw2kPz71"}
    page_most = 200
    error = told({"type": "about:blank", "title": "One or more errors occurred.", "status": STATUS, "detail": WORDS, "errors": {}})

    def shown(self, zone, r):
        return {"id": r.id, "type": r.type, "name": zone.relative(r.name), "data": r.value, "priority": None, "port": None, "ttl": r.ttl,
                "weight": None, "flags": None, "tag": None}

    @route("GET", V2)
    def records(self, q):
        zone, number, size = self.zone(q.args["zone"]), int(q.query.get("page", 1)), self.page_size(q.query.get("per_page", 20))
        found = zone.find(type=q.query.get("type"))
        part, pages = self.page(found, number, size)
        links = {"pages": {"next": f"{self.outside}{q.raw_path}?page={number + 1}&per_page={size}"}} if number < pages else {"pages": {}}
        return {"meta": {"total": len(found)}, "links": links, "domain_records": [self.shown(zone, r) for r in part]}

    @route("POST", V2)
    def create(self, q):
        zone, b = self.zone(q.args["zone"]), q.json
        if not isinstance(b.get("ttl"), int):
            return self.error(400, "The JSON value could not be converted to System.Int32. Path: $.ttl")
        return {"domain_record": self.shown(zone, zone.add(zone.absolute(b["name"]), b["type"], b["data"], b["ttl"]))}

    @route("DELETE", V2 + "/{id}")
    def delete(self, q):
        zone = self.zone(q.args["zone"])
        zone.remove(self.record(zone, q.args["id"]))
