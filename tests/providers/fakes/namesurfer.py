"""FusionLayer NameSurfer, JSON-RPC 1.0.

https://www.fusionlayer.com/products/namesurfer (the reference, /API/NSService_10, is part of an installation; shapes are lego's)
The first parameters are the key and a digest: HMAC-SHA256 over the key, the call's own arguments and the secret, joined by "&". Names
of records are relative, "@" at the apex; a search by an absolute name is exact. updateDNSHost with an empty new node removes the old
one, which must be as it was found. Errors have code and string, with status 200.
"""
import hashlib
import hmac

from fakelib import Bad, Fake, public, route


class Api(Fake):
    creds = {"key": "kitkey", "secret": "canary-namesurfer-4vQz", "view": "external"}

    def error(self, status, words):
        code = {401: "Server.Keyfailure", 403: "Server.Accessfailure"}.get(status, "Server.Failure")
        return (200 if status in (400, 401, 403, 404, 422) else status), {"id": 1, "result": None, "error": {
            "filename": "service", "lineno": 13, "code": code, "string": words, "detail": []}}

    @public
    @route("POST", "/jsonrpc10")
    def call(self, q):
        b = q.json
        if b["method"] not in ("listZones", "addDNSRecord", "searchDNSHosts", "updateDNSHost") or "id" not in b:
            raise Bad("unknown method")
        key, digest, *rest = b["params"]
        if key != self.creds["key"]:
            return self.error(401, f"Unknown keyname {key}")
        signed, result = getattr(self, b["method"])(*rest)
        text = "&".join([key, *map(str, signed), self.creds["secret"]])
        if digest != hmac.new(self.creds["secret"].encode(), text.encode(), hashlib.sha256).hexdigest():
            return self.error(401, "Digest is wrong")
        return {"id": b["id"], "result": result()}

    def node(self, zone, r):
        return {"name": zone.relative(r.name), "type": r.type, "data": r.value, "ttl": r.ttl}

    def of(self, zone, view):
        if view != self.creds["view"]:
            raise Bad("unknown view")
        return self.zone(zone)

    def listZones(self, mode):
        return [], lambda: [{"name": z.name, "view": self.creds["view"]} for z in self.store.zones.values()]

    def searchDNSHosts(self, pattern):
        return [pattern], lambda: [self.node(z, r) for z in self.store.zones.values() for r in z.records if r.name == pattern]

    def addDNSRecord(self, zone, view, r):
        def add():
            z = self.of(zone, view)
            z.add(z.absolute(r["name"]), r["type"], r["data"], r["ttl"])
            return True
        return [zone, view, r["name"], r["type"], r["ttl"], r["data"]], add

    def updateDNSHost(self, zone, view, old, new):
        def update():
            z = self.of(zone, view)
            if new != {"name": "", "type": "", "data": "", "ttl": 0}:
                raise Bad("not in this fake")
            for r in z.records:
                if self.node(z, r) == old:
                    z.remove(r)
                    return True
            raise Bad("no such node")
        return [zone, view], update
