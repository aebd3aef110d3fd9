"""omg.lol API, DNS of an address.

https://api.omg.lol/#token-get-web-dns
An address is a label below omg.lol; names are written without the address ("" for itself) and listed with it; the list calls the value
`data`, the answer to POST `content`. Answers are {request: {status_code, success}, response: {message, ...}}.
"""
from fakelib import Bad, bearer, Fake, route

DNS = "/address/{address}/dns"
SUFFIX = ".omg.lol"


class Api(Fake):
    hosts = ("api.omg.lol",)
    zones = ("other.omg.lol", "itten.omg.lol", "kitten.omg.lol")
    creds = {"key": "canary0mgl0l8fe81c7a"}
    auth = bearer("key", denied="You need to authenticate with an API key.")

    def error(self, status, words):
        return status, {"request": {"status_code": status, "success": False}, "response": {"message": words}}

    def ok(self, **response):
        return {"request": {"status_code": 200, "success": True}, "response": response}

    def of(self, q):
        try:
            return self.zone(q.args["address"] + SUFFIX)
        except Bad:
            raise Bad("The address could not be found.", 404)

    @route("GET", DNS)
    def records(self, q):
        zone = self.of(q)
        return self.ok(message="Here are the DNS records.", dns=[
            {"id": str(r.id), "type": r.type, "name": r.name[:-len(SUFFIX)], "data": r.value, "priority": None, "ttl": r.ttl,
             "created_at": "2022-11-26T04:30:13Z", "updated_at": "2022-11-26T04:31:33Z"} for r in zone.records])

    @route("POST", DNS)
    def create(self, q):
        zone, body = self.of(q), q.json
        r = zone.add(zone.absolute(body["name"]), body["type"], body["content"], int(body.get("ttl") or 3600))
        return self.ok(message="Your DNS record was created successfully.", data_sent=body, response_received={"data": {
            "id": r.id, "name": r.name[:-len(SUFFIX)], "content": r.value, "ttl": r.ttl, "priority": None, "type": r.type}})

    @route("DELETE", DNS + "/{id}")
    def delete(self, q):
        zone = self.of(q)
        zone.remove(self.record(zone, q.args["id"]))
        return self.ok(message="OK, your DNS record has been deleted.")
