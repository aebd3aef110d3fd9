"""DNS services behind OpenStack Keystone: Designate, Open Telekom Cloud, Selectel, VK Cloud, ConoHa.

https://docs.openstack.org/api-ref/identity/v3/ (a token in X-Subject-Token, or in the body with v2.0; then X-Auth-Token)
https://docs.openstack.org/api-ref/dns/dns-api-v2-index.html (recordsets: one for each name and type; names have a final dot)
https://docs.otc.t-systems.com/domain-name-service/api-ref/ (the same; the filter by name is a part of it, TXT in quotes, TTL from 300)
https://docs.selectel.ru/en/api/dns/ (rrsets with objects; lists with count and next_offset; PATCH and DELETE answer 204)
https://cloud.vk.com/docs/en/tools-for-using-services/api/api-spec/api-dns (TXT records of a zone have a path of their own)
https://doc.conoha.jp/reference/api-vps2/api-dns-vps2/ (records with ids, as in Designate v1), .../api-vps3/ (uuid instead of id)
The bodies of errors of VK Cloud, Selectel and ConoHa are assumed.
"""
import uuid

from fakelib import Answer, Bad, Fake, public, quote, route, session, told, unquote, STATUS, WORDS

ZONE = "/v2/zones/{zone}"
SETS = ZONE + "/recordsets"


class Keystone(Fake):
    creds = {"user": "acme-dns", "password": "canary-keystone-pw-5Jx0"}
    prefix = "/v3"

    def zone_id(self, name, number):
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))

    auth = session("X-Auth-Token", denied="The request you have made requires authentication.")
    error = told({"error": {"code": STATUS, "message": WORDS, "title": "Error"}})

    def known(self, identity, scope):
        user = identity["password"]["user"]
        return identity["methods"] == ["password"] and (user["name"], user["password"]) == (self.creds["user"], self.creds["password"])

    def catalog(self):
        return []

    @public
    @route("POST", "{prefix*}/auth/tokens")
    def login(self, q):
        if q.args["prefix"] != self.prefix:
            return self.error(404, "The resource could not be found.")
        if not self.known(q.json["auth"]["identity"], q.json["auth"].get("scope")):
            return self.denied(q)
        token = f"gAAAAA{self.store.new_id()}"
        self.tokens.add(token)
        return Answer(201, '{"token": {"catalog": %s, "methods": ["password"]}}' % str(self.catalog()).replace("'", '"'),
                      headers={"X-Subject-Token": token})


class Designate(Keystone):
    creds = {"credential": "21dced0fd20347869b93710d2b98aae0", "secret": "canary-appcred-pM9qTz"}
    prefix = "/identity/v3"
    dns = "/dns"
    least = 0
    error = told({"code": STATUS, "type": "error", "message": WORDS, "request_id": "req-abcd"})

    def known(self, identity, scope):
        return identity == {"methods": ["application_credential"], "application_credential": {
            "id": self.creds["credential"], "secret": self.creds["secret"]}} and not scope

    def catalog(self):
        return [{"type": "compute", "endpoints": [{"interface": "public", "url": self.base + "/compute"}]}, {"type": "dns", "endpoints": [
            {"interface": "internal", "url": "http://10.0.0.1"}, {"interface": "public", "url": self.base + self.dns}]}]

    def handle(self, q):
        if self.dns and q.raw_path.startswith(self.dns + "/"):
            q.raw_path = q.raw_path[len(self.dns):]
        return super().handle(q)

    def text(self, type, value):
        return quote(value) if type == "TXT" and (self.least or " " in value or '"' in value) else value

    def bare(self, type, value):
        if type == "TXT" and self.least:
            return unquote(value)
        return unquote(value) if type == "TXT" and value[:1] == '"' else value

    def shown(self, zone, name, type):
        found = zone.find(name, type)
        return {"id": str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{zone.name}/{name}/{type}")), "zone_id": zone.id, "zone_name": zone.name + ".",
                "name": name + ".", "type": type, "ttl": found[0].ttl, "records": [self.text(type, r.value) for r in found],
                    "status": "ACTIVE"}

    def sets(self, zone):
        return [self.shown(zone, n, t) for n, t in dict.fromkeys((r.name, r.type) for r in zone.records)]

    def named(self, q, items):
        return [i for i in items if q.query.get("name") in (None, i["name"])]

    @route("GET", "/v2/zones")
    def zones_list(self, q):
        return {"zones": self.named(q, [{"id": z.id, "name": z.name + ".", "status": "ACTIVE"}
            for z in self.store.zones.values()]), "links": {}}

    @route("GET", SETS)
    def sets_list(self, q):
        items = self.named(q, self.sets(self.zone_by_id(q.args["zone"])))
        return {"recordsets": [i for i in items if q.query.get("type") in (None, i["type"])], "links": {},
            "metadata": {"total_count": len(items)}}

    def put(self, zone, name, type, b):
        if not b["records"] or not isinstance(b["ttl"], int) or b["ttl"] < self.least or len(set(b["records"])) < len(b["records"]):
            return self.error(400, "Provided object does not match schema")
        zone.replace(name, type, [self.bare(type, r) for r in b["records"]], b["ttl"])
        return 202, {**self.shown(zone, name, type), "status": "PENDING"}

    @route("POST", SETS)
    def create(self, q):
        zone, b = self.zone_by_id(q.args["zone"]), q.json
        if not b["name"].endswith(".") or set(b) - {"name", "type", "ttl", "records", "description"}:
            return self.error(400, "Provided object does not match schema")
        if zone.find(b["name"][:-1], b["type"]):
            return self.error(409, "Duplicate RecordSet")
        return self.put(zone, b["name"][:-1], b["type"], b)

    def one(self, q):
        zone = self.zone_by_id(q.args["zone"])
        for s in self.sets(zone):
            if s["id"] == q.args["id"]:
                return zone, s["name"][:-1], s["type"]
        raise Bad("Could not find RecordSet", 404)

    @route("PUT", SETS + "/{id}")
    def replace(self, q):
        return self.put(*self.one(q), q.json)

    @route("DELETE", SETS + "/{id}")
    def delete(self, q):
        zone, name, type = self.one(q)
        shown = self.shown(zone, name, type)
        zone.replace(name, type, [])
        return 202, {**shown, "status": "PENDING"}


class Elsewhere(Designate):
    """A password of a user and a project; the DNS service on another host."""
    hosts = ("keystone.kit.test", "dns.kit.test")
    creds = {"user": "acme-dns", "password": "canary-designate-pw-8bHh"}

    def known(self, identity, scope):
        return Keystone.known(self, identity, scope) and identity["password"]["user"]["domain"] == {"name": "Default"} and \
            scope == {"project": {"name": "web", "domain": {"name": "Default"}}}

    def catalog(self):
        return [{"type": "dns", "endpoints": [{"interface": "public", "url": "https://dns.kit.test/dns"}]}]


class Otc(Designate):
    hosts = ("dns.eu-de.otc.t-systems.com", "iam.eu-de.otc.t-systems.com")
    creds = {"user": "acme-dns", "password": "canary-otc-pw-77Lm", "domain": "OTC-EU-DE-00000000001000055571"}
    prefix, dns, least = "/v3", "", 300

    def known(self, identity, scope):
        return Keystone.known(self, identity, scope) and identity["password"]["user"]["domain"] == {"name": self.creds["domain"]} and \
            scope == {"project": {"name": "eu-de"}}

    def named(self, q, items):
        return [i for i in items if q.query.get("name", "") in i["name"]]


class Selectel(Designate):
    hosts = ("api.selectel.ru", "cloud.api.selcloud.ru")
    creds = {"user": "acme-dns", "password": "canary-selectel-pw-90Ws", "account": "123456", "project": "f2c1a0de1b3c4d5e"}
    prefix, dns, least = "/identity/v3", "", 60

    def known(self, identity, scope):
        return Keystone.known(self, identity, scope) and identity["password"]["user"]["domain"] == {"name": self.creds["account"]} and \
            scope == {"project": {"id": self.creds["project"]}}

    error = told({"error": WORDS})

    def listed(self, q, items):
        at, n = int(q.query.get("offset", 0)), self.page_size(q.query.get("limit"))
        return {"count": len(items), "next_offset": at + n if at + n < len(items) else 0, "result": items[at:at + n]}

    @route("GET", "/domains/v2/zones")
    def zones_found(self, q):
        return self.listed(q, [{"id": z.id, "name": z.name + "."} for z in self.store.zones.values() if q.query.get("filter",
            "") in z.name])

    def objects(self, s):
        return {**s, "records": [{"content": v, "disabled": False} for v in s["records"]]}

    @route("GET", "/domains/v2/zones/{zone}/rrset")
    def rrsets(self, q):
        items = [self.objects(s) for s in self.sets(self.zone_by_id(q.args["zone"])) if q.query.get("name", "") in s["name"]]
        return self.listed(q, [i for i in items if i["type"] in q.query.get("rrset_types", i["type"]).split(",")])

    def flat(self, q):
        return {**q.json, "records": [r["content"] for r in q.json["records"]]}

    @route("POST", "/domains/v2/zones/{zone}/rrset")
    def rrset_create(self, q):
        zone, b = self.zone_by_id(q.args["zone"]), self.flat(q)
        if zone.find(b["name"][:-1], b["type"]):
            return self.error(409, "this_rrset_is_already_exists")
        self.put(zone, b["name"][:-1], b["type"], b)
        return self.objects(self.shown(zone, b["name"][:-1], b["type"]))

    @route("PATCH", "/domains/v2/zones/{zone}/rrset/{id}")
    def rrset_patch(self, q):
        done = self.put(*self.one(q), self.flat(q))
        return None if done[0] == 202 else done

    @route("DELETE", "/domains/v2/zones/{zone}/rrset/{id}")
    def rrset_delete(self, q):
        zone, name, type = self.one(q)
        zone.replace(name, type, [])


class Vk(Keystone):
    hosts = ("mcs.mail.ru", "infra.mail.ru")
    creds = {"user": "acme@kit.test", "password": "canary-vkcloud-pw-1Zz8", "project": "b5b7ffd4ef0547e5b222f44555dfe50a"}
    prefix = "/identity/v3"

    def known(self, identity, scope):
        return super().known(identity, scope) and scope == {"project": {"id": self.creds["project"]}}

    def shown(self, zone, r):
        return {"uuid": str(uuid.uuid5(uuid.NAMESPACE_DNS, str(r.id))), "dns": zone.id, "name": zone.relative(r.name, ""),
            "content": r.value, "ttl": r.ttl}

    @route("GET", "/public-dns/v2/dns/")
    def zones_list(self, q):
        return [{"uuid": z.id, "tenant": self.creds["project"], "zone": z.name, "soa_serial": 7, "status": "active"}
            for z in self.store.zones.values()]

    @route("GET", "/public-dns/v2/dns/{zone}/txt/")
    def records(self, q):
        zone = self.zone_by_id(q.args["zone"])
        return [self.shown(zone, r) for r in zone.find(type="TXT")]

    @route("POST", "/public-dns/v2/dns/{zone}/txt/")
    def create(self, q):
        zone, b = self.zone_by_id(q.args["zone"]), q.json
        if not isinstance(b["ttl"], int):
            return self.error(400, "ttl")
        return 201, self.shown(zone, zone.add(zone.absolute(b["name"]), "TXT", b["content"], b["ttl"]))

    @route("DELETE", "/public-dns/v2/dns/{zone}/txt/{id}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["zone"])
        for r in zone.find(type="TXT"):
            if self.shown(zone, r)["uuid"] == q.args["id"]:
                zone.remove(r)
                return None
        return self.error(404, "record not found")


class Conoha(Keystone):
    hosts = ("dns-service.tyo1.conoha.io", "identity.tyo1.conoha.io")
    creds = {"user": "gncu12345678", "password": "canary-conoha-pw-3Rt6", "tenant": "487727e3921d44e3bfe7ebb337bf085e"}
    id = "id"
    error = told({"code": STATUS, "message": WORDS, "type": "error"})

    @public
    @route("POST", "/v2.0/tokens")
    def login2(self, q):
        if q.json["auth"] != {"tenantId": self.creds["tenant"], "passwordCredentials": {
                "username": self.creds["user"], "password": self.creds["password"]}}:
            return 401, {"unauthorized": {"code": 401, "message": "Invalid user / password"}}
        token = f"{self.store.new_id():032x}"
        self.tokens.add(token)
        return {"access": {"token": {"id": token, "expires": "2026-11-22T00:00:00Z", "tenant": {"id": self.creds["tenant"]}},
            "serviceCatalog": []}}

    def shown(self, zone, r):
        return {self.id: str(uuid.uuid5(uuid.NAMESPACE_DNS, str(r.id))), "name": r.name + ".", "type": r.type, "data": r.value,
            "ttl": r.ttl,
                "domain_id": zone.id, "gslb_weight": None}

    @route("GET", "/v1/domains")
    def domains(self, q):
        return {"domains": [{self.id: z.id, "name": z.name + ".", "ttl": 3600} for z in self.store.zones.values()]}

    @route("GET", "/v1/domains/{zone}/records")
    def records(self, q):
        zone = self.zone_by_id(q.args["zone"])
        return {"records": [self.shown(zone, r) for r in zone.records]}

    @route("POST", "/v1/domains/{zone}/records")
    def create(self, q):
        zone, b = self.zone_by_id(q.args["zone"]), q.json
        if not b["name"].endswith(".") or not isinstance(b["ttl"], int):
            return self.error(400, "Provided object does not match schema")
        return self.shown(zone, zone.add(b["name"][:-1], b["type"], b["data"], b["ttl"]))

    @route("DELETE", "/v1/domains/{zone}/records/{id}")
    def delete(self, q):
        zone = self.zone_by_id(q.args["zone"])
        for r in zone.records:
            if self.shown(zone, r)[self.id] == q.args["id"]:
                zone.remove(r)
                return None
        return self.error(404, "Record not found.")


class ConohaV3(Conoha):
    hosts = ("dns-service.c3j1.conoha.io", "identity.c3j1.conoha.io")
    id = "uuid"

    def known(self, identity, scope):
        return identity == {"methods": ["password"], "password": {"user": {"id": self.creds["user"],
            "password": self.creds["password"]}}} and \
            scope == {"project": {"id": self.creds["tenant"]}}

    @public
    @route("POST", "/v2.0/tokens")
    def login2(self, q):
        return self.error(404, "not here")
