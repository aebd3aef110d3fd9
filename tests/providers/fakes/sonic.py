"""Sonic dynamic DNS API.

https://public-api.sonic.net/dyndns#updating_or_adding_host_records
PUT host sets the one record of a name and type; credentials are in the body; answers are {result, message}, a result of 200 being success.
There is no call that lists or deletes.
"""
from fakelib import Bad, Fake, given, route, told, STATUS, WORDS


class Api(Fake):
    hosts = ("public-api.sonic.net",)
    creds = {"user": "kit10432", "key": "canary-sonic-6Hq1vZw9"}

    auth = given("json", {"userid": "user", "apikey": "key"})

    error = told({"message": WORDS, "result": STATUS})

    @route("PUT", "/dyndns/host")
    def host(self, q):
        b = q.json
        zones = [z for z in self.store.zones.values() if ("." + b["hostname"]).endswith("." + z.name)]
        if not zones:
            raise Bad("Not Found :  the information you requested was not found.", 404)
        if not isinstance(b["ttl"], int) or not b["value"]:
            raise Bad("Bad Request")
        max(zones, key=lambda z: len(z.name)).replace(b["hostname"], b["type"], [b["value"]], b["ttl"])
        return {"message": "OK", "result": 200}
