"""Mail-in-a-Box, the administration API, custom DNS.

https://mailinabox.email/api-docs.html
The value stands in the body as it is; POST adds a value to those of the name, DELETE takes that value away (without a body: all of them);
both answer 200 with words. GET shows custom records with absolute names. Errors are 400 with words, wrong passwords 403 with JSON.
"""
from fakelib import Bad, basic, Fake, route

CUSTOM = "/admin/dns/custom/{name}/{type}"


class Api(Fake):
    creds = {"email": "kit@box.example.test", "password": "canary-mailinabox-bT0zQm4x"}
    auth = basic("email", "password")

    def denied(self, q):
        return 403, {"status": "error", "reason": "Incorrect username or password"}

    def error(self, status, words):
        return status, words + "\n"

    def of(self, q):
        """(zone, name): the longest zone that the name is in."""
        name = q.args["name"].lower()
        found = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not found:
            raise Bad(f"{name} is not a domain name or a subdomain of a domain name managed by this box.")
        return max(found, key=lambda z: len(z.name)), name

    @route("GET", "/admin/dns/zones")
    def zones_list(self, q):
        return list(self.store.zones)

    @route("GET", CUSTOM)
    def get(self, q):
        zone, name = self.of(q)
        return [{"qname": name, "rtype": r.type, "value": r.value, "zone": zone.name, "sort-order": {"created": 0, "qname": 0}}
                for r in zone.find(name, q.args["type"])]

    @route("POST", CUSTOM)
    def post(self, q):
        zone, name = self.of(q)
        value = q.body.decode()
        if not value:
            raise Bad("No value for the record provided.")
        if not zone.find(name, q.args["type"], value):
            zone.add(name, q.args["type"], value, 3600)
            return f"updated DNS: {zone.name}\n"
        return ""

    @route("DELETE", CUSTOM)
    def delete(self, q):
        zone, name = self.of(q)
        value = q.body.decode() or None
        found = zone.find(name, q.args["type"], value)
        for r in found:
            zone.remove(r)
        return f"updated DNS: {zone.name}\n" if found else ""
