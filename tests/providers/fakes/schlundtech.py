"""SchlundTech, the XML gateway of AutoDNS (InterNetX).

https://help.internetx.com/display/APIXMLEN
Tasks: 0205 with <where> lists zones (name, system_ns, in the numbers of <view>), with <zone> shows one with its <rr>s; 0202001 changes
records of a zone, rr_add and rr_rem by name and value (names relative, empty at the apex). The answer is 200 with result.status.type
success or error and the words in result.msg; EF00001 is a failed login.
"""
from fakelib import Fake, element as e, route


class Api(Fake):
    hosts = ("gateway.schlundtech.de",)
    creds = {"user": "kituser77", "password": "canary-schlundtech-0Zq8Wm"}

    def auth(self, q):
        a = q.xml.find("auth")
        return (a.findtext("user"), a.findtext("password"), a.findtext("context")) == (self.creds["user"], self.creds["password"], "10")

    def failed(self, words, code):
        return e("response", e("result", e("msg", e("text", words), e("code", code), e("type", "error")),
                               e("status", e("code", "E0000"), e("text", "The task failed."), e("type", "error"))))

    def denied(self, q):
        return self.failed("The authentication failed.", "EF00001")

    def error(self, status, words):
        return status, self.failed(words, "EF01000")

    def ok(self, code, *data):
        return e("response", e("result", e("data", *data), e("status", e("code", "S" + code), e("text", "Success."), e("type", "success"))),
                 e("stid", "20261121-app1-1"))

    @route("POST", "/")
    def task(self, q):
        task = q.xml.find("task")
        code, name = task.findtext("code"), task.findtext("where/value") or task.findtext("zone/name")
        zone = self.store.zones.get(name)
        if code == "0205" and task.find("where") is not None:
            return self.ok(code, *([e("zone", e("name", zone.name), e("system_ns", "ns1.example.test"))] if zone else []),
                           e("summary", "1" if zone else "0"))
        if not zone or task.findtext("zone/system_ns") != "ns1.example.test":
            return self.failed("The zone does not exist.", "EF02020")
        if code == "0205":
            return self.ok(code, e("zone", e("name", zone.name), e("system_ns", "ns1.example.test"), e("soa", e("level", "1")), *[
                e("rr", e("name", zone.relative(r.name, "")), e("ttl", str(r.ttl)), e("type", r.type), e("value", r.value)) for r in zone.records]))
        if code != "0202001":
            return self.failed("Unknown task.", "EF00100")
        for rr in task.findall("default/rr_add"):
            zone.add(zone.absolute(rr.findtext("name") or ""), rr.findtext("type"), rr.findtext("value"), int(rr.findtext("ttl")))
        for rr in task.findall("default/rr_rem"):
            for r in zone.find(zone.absolute(rr.findtext("name") or ""), rr.findtext("type"), rr.findtext("value"))[:1]:
                zone.remove(r)
        return self.ok(code)
