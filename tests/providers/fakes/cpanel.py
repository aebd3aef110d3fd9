"""cPanel UAPI, module DNS.

https://api.docs.cpanel.net/openapi/cpanel/operation/dns-parse_zone/
https://api.docs.cpanel.net/openapi/cpanel/operation/dns-mass_edit_zone/
parse_zone shows the lines of the zone file: names and strings in base64, names as they stand there (most are relative, here); a record is
known by its line_index, which shifts with every edit. mass_edit_zone takes add (JSON), remove and the serial of the SOA, and refuses a
serial that is not the zone's any more. Everything that fails is told by {status: 0, errors} with HTTP 200.
"""
import base64
import json

from fakelib import Bad, Fake, route


def b64(text):
    return base64.b64encode(text.encode()).decode()


class Api(Fake):
    creds = {"username": "kituser", "token": "CANARYCPANELQ7RZ1XW0K5B8"}

    def setup(self):
        self.serials = {}

    def auth(self, q):
        return q.headers.get("Authorization") == f"cpanel {self.creds['username']}:{self.creds['token']}"

    def error(self, status, words):
        return status, {"status": 0, "errors": [words], "messages": None, "warnings": None, "metadata": {}, "data": None}

    def done(self, data):
        return {"status": 1, "errors": None, "messages": None, "warnings": None, "metadata": {"transformed": 1}, "data": data}

    def zone(self, name):
        if name not in self.store.zones:
            raise Bad(f"You do not control a DNS zone named {name}.", 200)
        return self.store.zones[name]

    def serial(self, zone):
        """It changes with the records, whoever changed them."""
        key = tuple((r.id, r.value) for r in zone.records)
        was, number = self.serials.get(zone.name, (None, 2026112100))
        if was != key:
            self.serials[zone.name] = key, number + 1
        return str(self.serials[zone.name][1])

    def lines(self, zone):
        """Line 0 is $TTL, line 1 the SOA."""
        yield {"line_index": 0, "type": "control", "text_b64": b64("$TTL 14400")}
        soa = ["ns1.kit.test.", "root.kit.test.", self.serial(zone), "3600", "1800", "1209600", "86400"]
        yield {"line_index": 1, "type": "record", "record_type": "SOA", "ttl": 86400, "dname_b64": b64(zone.name + "."),
               "data_b64": [b64(d) for d in soa]}
        for i, r in enumerate(zone.records):
            data = [r.value[k:k + 255] for k in range(0, len(r.value), 255)] if r.type == "TXT" else r.value.split(" ")
            name = zone.name + "." if r.name == zone.name else zone.relative(r.name)
            yield {"line_index": i + 2, "type": "record", "record_type": r.type, "ttl": r.ttl, "dname_b64": b64(name),
                   "data_b64": [b64(d) for d in data]}

    @route("GET", "/execute/DNS/parse_zone")
    def parse(self, q):
        return self.done(list(self.lines(self.zone(q.query["zone"]))))

    @route("GET", "/execute/DNS/mass_edit_zone")
    def edit(self, q):
        zone = self.zone(q.query["zone"])
        if q.query["serial"] != self.serial(zone):
            raise Bad(f"The given serial number ({q.query['serial']}) does not match the DNS zone's serial number.", 200)
        remove = [zone.records[int(v) - 2] for k, v in q.pairs if k == "remove"]
        add = [json.loads(v) for k, v in q.pairs if k == "add"]
        for r in add:
            if not isinstance(r["ttl"], int) or not isinstance(r["data"], list):
                raise Bad("add: invalid", 200)
        for r in remove:
            zone.remove(r)
        for r in add:
            zone.add(zone.absolute_or_dot(r["dname"]), r["record_type"], "".join(r["data"]), r["ttl"])
        return self.done({"new_serial": self.serial(zone)})


class Absolute(Api):
    """Servers whose zone files have complete names."""

    def lines(self, zone):
        for line in super().lines(zone):
            if "dname_b64" in line:
                name = base64.b64decode(line["dname_b64"]).decode()
                line["dname_b64"] = b64(name if name.endswith(".") else f"{name}.{zone.name}.")
            yield line
