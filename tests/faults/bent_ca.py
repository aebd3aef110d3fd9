"""A proxy before Pebble that behaves as a hostile or unwell CA: one behaviour at a time, set by name.

Endpoints are told apart by Pebble's paths. Every request is counted by endpoint, so that a test can say what must not
have happened (a second order, a second account).
"""
import collections
import http.client
import http.server
import json
import re
import socketserver
import ssl
import threading

PATHS = [("directory", "/dir"), ("nonce", "/nonce-plz"), ("account", "/sign-me-up"), ("neworder", "/order-plz"),
         ("authz", "/authZ"), ("challenge", "/chalZ"), ("finalize", "/finalize"), ("order", "/my-order"),
         ("certificate", "/certZ")]
PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.S)


class Answer:
    """What goes back to the client; a behaviour may change every part of it."""

    def __init__(self, endpoint, status, fields, body):
        self.endpoint, self.status, self.fields, self.body = endpoint, status, fields, body
        self.cut = None  # octets of the body after which the connection is closed

    def field(self, name, value):
        self.fields = [(k, v) for k, v in self.fields if k.lower() != name.lower()]
        if value is not None:
            self.fields.append((name, value))

    def json(self):
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def change(self, function):
        """function changes the JSON object in place."""
        value = self.json()
        if value is not None:
            function(value)
            self.body = json.dumps(value).encode()

    def chain(self):
        return PEM.findall(self.body)


class Behaviour:
    """At which endpoint, how often, what: `before` answers in Pebble's place, `after` bends Pebble's answer."""

    def __init__(self, name, endpoint, want, before=None, after=None, times=10**9):
        self.name, self.endpoint, self.want = name, endpoint, want
        self.before, self.after, self.times = before, after, times


class BentCA:
    def __init__(self, address, upstream, certificate, key):
        self.upstream, self.address = upstream, address
        self.lock = threading.Lock()
        self.set(None)
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def log_message(self, *arguments):
                pass

            def handle_any(self):
                proxy.handle(self)

            do_GET = do_HEAD = do_POST = handle_any

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, request, client_address):
                pass  # a client that goes away is no news here

        self.server = Server(address, Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def set(self, behaviour):
        with self.lock:
            self.behaviour, self.hits = behaviour, 0
            self.requests = collections.Counter()

    def take(self, endpoint):
        """The behaviour, if this request is one for it."""
        with self.lock:
            self.requests[endpoint] += 1
            b = self.behaviour
            if b is None or endpoint not in b.endpoint.split() or self.hits >= b.times:
                return None
            self.hits += 1
            return b

    def ask_pebble(self, method, path, body, fields):
        connection = http.client.HTTPSConnection(*self.upstream, context=ssl._create_unverified_context(), timeout=30)
        connection.request(method, path, body=body, headers=fields)
        r = connection.getresponse()
        answer = r.status, r.getheaders(), r.read()
        connection.close()
        return answer

    def fresh_nonce(self):
        status, fields, _ = self.ask_pebble("HEAD", "/nonce-plz", None, {})
        return dict((k.lower(), v) for k, v in fields).get("replay-nonce")

    def handle(self, h):
        length = int(h.headers.get("Content-Length") or 0)
        body = h.rfile.read(length) if length else None
        endpoint = next((e for e, p in PATHS if h.path.startswith(p)), "other")
        b = self.take(endpoint)
        if b and b.before:
            answer = b.before(self, endpoint)
            if answer is None:
                h.close_connection = True
                return
        else:
            fields = {k: v for k, v in h.headers.items() if k.lower() not in ("connection", "accept-encoding")}
            answer = Answer(endpoint, *self.ask_pebble(h.command, h.path, body, fields))
            if b and b.after and b.after(answer) is False:  # the answer is lost on its way
                h.close_connection = True
                return
        self.send(h, answer)

    def send(self, h, answer):
        h.send_response_only(answer.status)
        for name, value in answer.fields:
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                h.send_header(name, value)
        h.send_header("Content-Length", str(len(answer.body)))
        h.end_headers()
        if h.command != "HEAD":
            h.wfile.write(answer.body if answer.cut is None else answer.body[:answer.cut])
        if answer.cut is not None:
            h.close_connection = True
