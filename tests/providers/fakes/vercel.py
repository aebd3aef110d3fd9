"""Vercel REST API, DNS.

https://vercel.com/docs/rest-api/reference/endpoints/dns/list-existing-dns-records
Names are relative, "" at the apex; a domain of a team needs teamId. Records are listed newest first, in pages of at most 100, with a
time stamp as cursor (`until`). TTLs are 60 to 2147483647. Errors are {"error": {"code", "message"}}.
"""
from fakelib import Fake, bearer, route


class Api(Fake):
    hosts = ("api.vercel.com",)
    creds = {"token": "canary-vercel-Zk2Wq9s0LmXv", "team": "team_Ko5pM1k7"}
    auth = bearer("token", denied=(403, "Not authorized: invalid token"))

    def error(self, status, words):
        return status, {"error": {"code": {403: "forbidden", 404: "not_found"}.get(status, "bad_request"), "message": words}}

    def domain(self, q):
        return self.zone(q.args["zone"] if q.query.get("teamId") == self.creds["team"] else "")

    @route("GET", "/v4/domains/{zone}/records")
    def records(self, q):
        zone = self.domain(q)
        items = sorted(zone.records, key=lambda r: -r.id)
        if "until" in q.query:
            items = [r for r in items if r.id < int(q.query["until"])]
        n = self.page_size(q.query.get("limit") or 20)
        shown, rest = items[:n], items[n:]
        return {"records": [{"id": f"rec_{r.id:x}", "slug": "s", "name": zone.relative(r.name, ""), "type": r.type, "value": r.value,
                             "creator": "u", "ttl": r.ttl, "created": r.id, "updated": r.id} for r in shown],
                "pagination": {"count": len(shown), "next": shown[-1].id if rest else None, "prev": None}}

    @route("POST", "/v2/domains/{zone}/records")
    def create(self, q):
        zone, b = self.domain(q), q.json
        if not isinstance(b.get("ttl", 60), int) or b.get("ttl", 60) < 60:
            return self.error(400, "Invalid request: `ttl` should be >= 60.")
        return {"uid": f"rec_{zone.add(zone.absolute(b['name']), b['type'], b['value'], b.get('ttl', 60)).id:x}", "updated": 1}

    @route("DELETE", "/v2/domains/{zone}/records/{id}")
    def delete(self, q):
        zone = self.domain(q)
        zone.remove(self.record(zone, int(q.args["id"][4:], 16)))
        return {}
