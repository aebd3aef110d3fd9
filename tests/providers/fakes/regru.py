"""reg.ru API 2, zone functions.

https://www.reg.com/support/help/api2
Forms with input_data as JSON text. result tells success twice: of the call and of each domain, with status 200. Names are relative, "@" at
the apex; an equal record is not added again; remove_record takes away what matches subdomain, type and content.
That an equal record is not added again is assumed.
"""
import json

from fakelib import Bad, Fake, given, route


class Api(Fake):
    hosts = ("api.reg.ru",)
    creds = {"user": "kit@example.test", "password": "canary-regru-alt-0xWq7"}

    auth = given("form", {"username": "user", "password": "password"})

    def error(self, status, words):
        if status == 404:
            return self.answer({"result": "error", "error_code": "DOMAIN_NOT_FOUND", "error_text": words})
        code = {401: "PASSWORD_AUTH_FAILED", 403: "ACCESS_DENIED"}.get(status, "INVALID_DATA")
        return (200 if status in (401, 403) else status), {"result": "error", "error_code": code, "error_text": words, "charset": "utf-8"}

    def answer(self, domain):
        return {"answer": {"domains": [domain]}, "charset": "utf-8", "messagestore": None, "result": "success"}

    def read(self, q):
        if q.form.get("input_format") != "json":
            raise Bad("input_format", 400)
        data = json.loads(q.form["input_data"])
        zone = self.zone(data["domains"][0]["dname"])
        return zone, data, self.answer({"dname": zone.name, "result": "success", "service_id": zone.id})

    @route("POST", "/api/regru2/zone/get_resource_records")
    def records(self, q):
        zone, _, answer = self.read(q)
        answer["answer"]["domains"][0]["rrs"] = [
            {"subname": zone.relative(r.name), "rectype": r.type, "content": r.value, "prio": 0, "state": "A"} for r in zone.records]
        return answer

    @route("POST", "/api/regru2/zone/add_txt")
    def add(self, q):
        zone, data, answer = self.read(q)
        name = zone.absolute(data["subdomain"])
        if not zone.find(name, "TXT", data["text"]):
            zone.add(name, "TXT", data["text"])
        return answer

    @route("POST", "/api/regru2/zone/remove_record")
    def remove(self, q):
        zone, data, answer = self.read(q)
        for r in zone.find(zone.absolute(data["subdomain"]), data["record_type"], data.get("content")):
            zone.remove(r)
        return answer
