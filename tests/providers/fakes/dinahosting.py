"""Dinahosting API.

https://en.dinahosting.com/api/documentation (names of commands and parameters only; answers as its clients show them)
Commands by GET or POST with AUTH_USER and AUTH_PWD; answers {trId, responseCode, message, data, errors, command}: 1000 is success, 2200
wrong credentials, 2302 there already, 2303 not there (a domain or a value). A TXT record has text when it is added (some clients say
value), value when it is deleted. Hosts are relative; at the apex a TXT record is listed by the domain's name. There is no TTL.
"""
from fakelib import Bad, Fake, given, route

CODES = {401: 2200, 403: 2201, 404: 2303}


class Api(Fake):
    hosts = ("dinahosting.com",)
    creds = {"username": "kituser", "password": "canary-dinahosting-6Zk2"}

    auth = given("params", {"AUTH_USER": "username", "AUTH_PWD": "password"}, denied="Authentication error.")

    def error(self, status, words):
        code = status if status > 999 else CODES.get(status, 2400 if status == 500 else 2005)
        return status if status in (409, 429, 500) else 200, {
            "trId": "dh6958820711fcf9", "responseCode": code, "errors": [{"message": words, "code": code, "parameter": ""}], "command": ""}

    no_zone = ('Param "domain" value doesn\'t exist.', 404)

    @route("GET", "/special/api.php")
    def command(self, q):
        p = q.params
        if p.get("responseType", "").lower() != "json":
            raise Bad("no such responseType here")
        data = getattr(self, "do_" + p["command"])(self.zone(p["domain"]), p)
        return {"trId": "dh6958820711fcf9", "responseCode": 1000, "message": "Success.", "data": data, "command": p["command"]}

    def do_Domain_Zone_GetAll(self, zone, p):
        return [{"type": r.type, "hostname": zone.relative(r.name, zone.name if r.type in ("TXT", "MX") else "@"),
                 "text" if r.type == "TXT" else "ip": r.value} for r in zone.records]

    def do_Domain_Zone_AddTypeTXT(self, zone, p):
        if zone.find(zone.absolute(p["hostname"]), "TXT", p["text"]):
            raise Bad("Object exists.", 2302)
        zone.add(zone.absolute(p["hostname"]), "TXT", p["text"], 3600)
        return True

    def do_Domain_Zone_DeleteTypeTXT(self, zone, p):
        found = zone.find(zone.absolute(p["hostname"]), "TXT", p["value"])
        if not found:
            raise Bad('Param "hostname" value doesn\'t exist.', 404)
        zone.remove(found[0])
        return True
