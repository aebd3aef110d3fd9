"""Variomedia API, DNS records (JSON:API).

https://api.variomedia.de/docs/dns-records.html
https://api.variomedia.de/docs/job-queue.html
Media types are application/vnd.api+json for bodies and application/vnd.variomedia.v1+json for answers. Changes are jobs, which are
pending when they are answered and done when they are asked. Records of a domain are asked by filter[domain]. Errors are {errors: [{status, title, id}]}.
"""
import json

from fakelib import answer_of, Bad, Fake, header, route


class Api(Fake):
    hosts = ("api.variomedia.de",)
    creds = {"token": "canary-variomedia-5Rr8yQ2m"}

    def setup(self):
        self.jobs = {}

    auth = header("Authorization", "token", "token ", denied="The server could not verify that you are authorized to access the URL requested.")

    def error(self, status, words):
        return status, {"errors": [{"status": str(status), "title": words, "id": "kit"}], "links": {"self": self.outside}}

    def run(self, q):
        if "vnd.variomedia.v1+json" not in (q.headers.get("Accept") or ""):
            return answer_of(self.error(406, "Not Acceptable"))
        return super().run(q)

    def job(self, record):
        id = str(self.store.new_id())
        self.jobs[id] = "pending"
        return 202, {"data": {"type": "queue-job", "id": id, "attributes": {"status": "pending"}, "links": {
            "queue-job": f"{self.outside}/queue-jobs/{id}", "dns-record": f"{self.outside}/dns-records/{record.id}"}},
            "links": {"self": f"{self.outside}/dns-records"}}

    @route("GET", "/domains/{zone}")
    def domain(self, q):
        return {"data": {"type": "domain", "id": self.zone(q.args["zone"]).name, "attributes": {}}}

    @route("GET", "/dns-records")
    def records(self, q):
        domain = q.query.get("filter[domain]")
        zones = [z for z in self.store.zones.values() if domain in (None, z.name)]
        return {"data": [{"type": "dns-record", "id": str(r.id), "links": {"self": f"{self.outside}/dns-records/{r.id}"}, "attributes": {
            "record_type": r.type, "fqdn": r.name, "fqdn_ace": r.name, "name": z.relative(r.name, ""), "name_ace": z.relative(r.name, ""),
            "domain": z.name, "data": r.value, "ttl": r.ttl}} for z in zones for r in z.records],
            "links": {"self": f"{self.outside}/dns-records"}}

    @route("POST", "/dns-records")
    def create(self, q):
        if q.headers.get("Content-Type") != "application/vnd.api+json":
            raise Bad("Unsupported Media Type", 415)
        data = json.loads(q.body)["data"]
        a, zone = data["attributes"], self.zone(data["attributes"]["domain"])
        if data["type"] != "dns-record" or not isinstance(a["ttl"], int) or a["ttl"] < 300:
            raise Bad("ttl: 300 at least", 422)
        return self.job(zone.add(zone.absolute(a["name"]), a["record_type"], a["data"], a["ttl"]))

    @route("DELETE", "/dns-records/{id}")
    def delete(self, q):
        zone, record = self.record_anywhere(q.args["id"])
        zone.remove(record)
        return self.job(record)

    @route("GET", "/queue-jobs/{id}")
    def job_get(self, q):
        if q.args["id"] not in self.jobs:
            raise Bad("no such job", 404)
        self.jobs[q.args["id"]] = "done"
        return {"data": {"type": "queue-job", "id": q.args["id"], "attributes": {"job_type": "dns-record", "status": "done"}}}
