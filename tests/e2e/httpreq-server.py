#!/usr/bin/env python3
"""A service as lego's httpreq asks it, over BIND: httpreq-server.py PORT-FILE KEY-FILE SERVER ZONE USER:PASSWORD.

POST /present and /cleanup, {"fqdn": "_acme-challenge.x.", "value": "..."}, as
https://go-acme.github.io/lego/dns/httpreq/ has it.
"""
import base64
import http.server
import json
import os
import re
import subprocess
import sys

port_file, key, server, zone, login = sys.argv[1:]
want = "Basic " + base64.b64encode(login.encode()).decode()


def update(action):
    text = f"server {server}\nzone {zone}\nupdate {action}\nsend\n"
    return subprocess.run(["nsupdate", "-k", key], input=text.encode(), capture_output=True)


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Authorization") != want:
            return self.answer(401, "who are you?")
        if self.headers.get("Content-Type") != "application/json":
            return self.answer(415, "no JSON")
        ask = json.loads(raw)
        fqdn, value = ask["fqdn"], ask["value"]
        if set(ask) != {"fqdn", "value"} or not re.fullmatch(r"[a-z0-9._-]+\.", fqdn) or not re.fullmatch(r"[\w-]{43}", value):
            return self.answer(400, "what?")
        if self.path == "/dns/present":
            done = update(f'add {fqdn} 60 TXT "{value}"')
        elif self.path == "/dns/cleanup":
            done = update(f'del {fqdn} TXT "{value}"')
        else:
            return self.answer(404, "no such path")
        self.answer(200 if done.returncode == 0 else 500, done.stderr.decode())


listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(port_file + ".new", "w") as f:
    f.write(str(listener.server_port))
os.rename(port_file + ".new", port_file)
listener.serve_forever()
