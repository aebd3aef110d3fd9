"""BookMyName dynamic DNS.

https://fr.faqs.bookmyname.com/frfaqs/dyndns
One URL, do=add and do=remove with host name, type, TTL and value; the answer is a line of text that begins with good: when it was
done. The lines are those that acme.sh and lego tell of; how often the API stores an equal record is not said: once here, as in a
zone.
"""
from fakelib import Bad, basic, Fake, route


class Api(Fake):
    hosts = ("www.bookmyname.com",)
    creds = {"user": "KITXX-FREE", "password": "canary-bmn-L5xw9RtQ"}
    auth = basic("user", "password")

    def denied(self, q):
        return 401, "badauth: wrong identification"

    def error(self, status, words):
        return status if status in (401, 403, 409, 429, 500) else 200, "error: " + words

    @route("GET", "/dyndns/")
    def update(self, q):
        p = q.query
        name = p["hostname"].rstrip(".").lower()
        zones = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if p["type"].lower() != "txt" or not zones:
            raise Bad("unknown host or type")
        zone = max(zones, key=lambda z: len(z.name))
        value = p["value"].strip('"')
        found = zone.find(name, "TXT", value)
        if p["do"] == "add":
            if not found:
                zone.add(name, "TXT", value, int(p["ttl"]))
            return f"good: update done, cid 1, domain id {zone.id}, type txt, ip {value}"
        if p["do"] == "remove":
            for r in found:
                zone.remove(r)
            return f"good: remove done {len(found)}, cid 1, domain id {zone.id}, ttl {p['ttl']}, type txt, ip {value}"
        raise Bad("do what?")
