"""No real API: the smallest that replaces RRsets, to show and measure the race between two writers (tests/providers/conform/race).

`windows` has, for each write, the seconds between that client's last read and it: what another one writes meanwhile is at risk.
GET and PUT /zones/{zone}/rrsets/{name}/TXT with {"values": [...]}, an empty list deletes. Api does as most providers do: the last
writer wins. Swap has compare-and-swap: ETag on GET (a set that is not there: 200 with an empty list), If-Match is demanded on PUT and a
set that changed since is refused with 412, the way Azure DNS does it.
"""
import time

from fakelib import Answer, Fake, answer_of, route

SET = "/zones/{zone}/rrsets/{name}/TXT"


class Api(Fake):
    creds = {"token": "canary-rrset-77aa01"}
    swap = False

    def setup(self):
        self.read, self.windows = {}, []

    @route("GET", SET)
    def get(self, q):
        zone = self.zone(q.args["zone"])
        name = zone.absolute(q.args["name"])
        self.read[q.client] = time.monotonic()
        answer = answer_of({"values": zone.values(name)})
        if self.swap:
            answer.headers["ETag"] = zone.etag(name, "TXT")
        return answer

    @route("PUT", SET)
    def put(self, q):
        zone, values = self.zone(q.args["zone"]), q.json["values"]
        name = zone.absolute(q.args["name"])
        if not isinstance(values, list):
            return self.error(422, "values: a list is wanted")
        if self.swap and not q.headers.get("If-Match"):
            return self.error(428, "If-Match is missing")
        if self.swap and q.headers["If-Match"] != zone.etag(name, "TXT"):
            return self.error(412, "the set changed since it was read")
        self.windows.append(time.monotonic() - self.read.pop(q.client, time.monotonic()))
        zone.replace(name, "TXT", values)
        return Answer(204, b"", None)


class Swap(Api):
    swap = True
