"""RimuHosting and Zonomi, dyndns.jsp.

https://zonomi.com/app/dns/dyndns.jsp
All in the query: action SET, QUERY or DELETE with name (absolute), type and value; several actions are numbered: action[1]=..&name[1]=.. All SETs
of one request together are the values of their name and type; what was there before is replaced. DELETE of what is not there is ignored. The
answer is XML: dnsapi_result with is_ok, or error.
"""
import re

from fakelib import answer_of, Bad, element, Fake, query, route


class Api(Fake):
    hosts = ("rimuhosting.com",)
    creds = {"key": "canary4713rimuhosting0918273645"}
    auth = query("api_key", "key", denied="Invalid api_key.")

    def error(self, status, words):
        answer = answer_of(element("error", "ERROR: " + words))
        answer.status = status
        return answer

    def home(self, name):
        zones = [z for z in self.store.zones.values() if name == z.name or name.endswith("." + z.name)]
        if not zones:
            raise Bad(f"No zone found for {name}", 404)
        return max(zones, key=lambda z: len(z.name))

    def shown(self, r, **more):
        return element("record", name=r.name, type=r.type, content=r.value, ttl=f"{r.ttl} seconds", prio=0, **more)

    @route("GET", "/dns/dyndns.jsp")
    def rpc(self, q):
        numbers = sorted({int(n) for k in q.query for n in re.findall(r"^action\[(\d+)\]$", k)})
        actions = [{k: q.query.get(f"{k}[{n}]") for k in ("action", "name", "type", "value", "ttl")} for n in numbers] or [
            {k: q.query.get(k) for k in ("action", "name", "type", "value", "ttl")}]
        for a in actions:
            a["zone"], a["name"] = self.home(a["name"].lower()), a["name"].lower()
        sets = {}
        for a in actions:
            if a["action"] == "SET":
                sets.setdefault((a["zone"].name, a["name"], a["type"] or "A"), []).append(a)
        for (zone, name, type), s in sets.items():
            self.store.zones[zone].replace(name, type, [a["value"] for a in s], int(s[0]["ttl"] or 3600))
        told = [self.act(a) for a in actions]
        return element("dnsapi_result", element("is_ok", "OK:"), element("result_counts", added=0, changed=0, unchanged=0, deleted=0),
                       element("actions", *told))

    def act(self, a):
        found = a["zone"].find(a["name"], a["type"], a["value"] if a["action"] != "QUERY" else None)
        if a["action"] == "DELETE":
            for r in found:
                a["zone"].remove(r)
        elif a["action"] not in ("SET", "QUERY"):
            raise Bad("Unknown action")
        return element("action", *[self.shown(r) for r in found], action=a["action"], host=a["name"], type=a["type"] or "")


class Zonomi(Api):
    hosts = ("zonomi.com",)
    creds = {"key": "canary8820zonomi5544332211"}

    @route("GET", "/app/dns/dyndns.jsp")
    def rpc_there(self, q):
        return self.rpc(q)
