"""Stateful fakes of DNS-hosting APIs: the server, the zones, the faults. README.md tells how to write one.

Only the standard library. A fake is a class with routes; everything here is what fakes have in common.
"""
import base64
import collections
import email.message
import importlib
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
import traceback
import urllib.parse
import xml.etree.ElementTree as ET
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Decoys stand first: `ample.test` ends like example.test without being above it, example.test is its beginning.
ZONES = ("other.test", "ample.test", "example.test.other.test", "example.test", "_acme-challenge.host.example.test")
HTML = "<!doctype html><html><head><title>{words}</title></head><body><h1>{words}</h1></body></html>"
GATE_S = 0.3   # a writer waits so long for the other one
HANG_S = 20
LINE_MOST = 65536


# ---- TXT values as they stand in zone files

def quote(value):
    """RFC 1035 presentation: "..." of at most 255 octets each, quote and backslash escaped."""
    parts = [value[i:i + 255] for i in range(0, len(value), 255)] or [""]
    return " ".join('"' + p.replace("\\", "\\\\").replace('"', '\\"') + '"' for p in parts)


def unquote(text):
    """The value of a presentation form; Bad if it is not quoted as it must be."""
    text = text.strip()
    if not re.fullmatch(r'"(?:[^"\\]|\\.)*"(?:\s+"(?:[^"\\]|\\.)*")*', text, re.S):
        raise Bad(f"TXT content must be enclosed in quotes: {text[:60]}")
    return "".join(re.sub(r"\\(.)", r"\1", p, flags=re.S) for p in re.findall(r'"((?:[^"\\]|\\.)*)"', text, re.S))


def loose(text):
    """For APIs that take a value with or without quotes."""
    return unquote(text) if text[:1] == '"' else text


class Bad(Exception):
    """What the client sent is not what the documentation says: ends in error(status, words)."""

    def __init__(self, words, status=400):
        super().__init__(words)
        self.status = status


# ---- zones

class Record:
    def __init__(self, id, name, type, value, ttl):
        self.id, self.name, self.type, self.value, self.ttl = id, name, type, value, ttl

    def copy(self):
        return Record(self.id, self.name, self.type, self.value, self.ttl)


class Zone:
    """Records by absolute name (lower case, no final dot). TXT values are kept bare, without quotes."""

    def __init__(self, name, id, store):
        self.name, self.id, self.store, self.records = name, id, store, []

    def absolute(self, relative):
        """'' and '@' are the apex, everything else stands before the zone's name, even what should not."""
        relative = relative.lower()
        return self.name if relative in ("", "@") else f"{relative}.{self.name}"

    def absolute_or_dot(self, name):
        """With a final dot: the whole name; else relative."""
        return name[:-1].lower() if name.endswith(".") else self.absolute(name)

    def relative(self, name, apex="@"):
        return apex if name == self.name else name[:-len(self.name) - 1]

    def find(self, name=None, type=None, value=None, id=None):
        return [r for r in self.records if name in (None, r.name) and type in (None, r.type)
                and value in (None, r.value) and (id is None or str(r.id) == str(id))]

    def values(self, name, type="TXT"):
        return [r.value for r in self.find(name, type)]

    def add(self, name, type, value, ttl=3600):
        if name != self.name and not name.endswith("." + self.name):
            raise Bad(f"{name} is not in zone {self.name}")
        record = Record(self.store.new_id(), name.lower(), type, value, int(ttl))
        self.records.append(record)
        self.store.version += 1
        return record

    def remove(self, record):
        self.records.remove(record)
        self.store.version += 1

    def replace(self, name, type, values, ttl=3600):
        """The whole RRset; an empty list deletes it. Counts as a write even if all stays."""
        self.records = [r for r in self.records if (r.name, r.type) != (name, type)]
        for value in values:
            self.add(name, type, value, ttl)
        self.store.version += 1

    def etag(self, name=None, type=None):
        """Changes whenever a record of the name and type (of the zone) does."""
        key = sorted((r.name, r.type, r.value) for r in self.find(name, type))
        return '"%08x"' % (hash(tuple(key)) & 0xffffffff)


class Store:
    """All zones of the account, in order; version counts changes."""

    def __init__(self, names, zone_id):
        self.version, self.next = 0, 4711
        self.zones = collections.OrderedDict()
        for name in names:
            zone = self.zones[name] = Zone(name, zone_id(name, self.new_id()), self)
            for owner, type, value in (
                    (name, "A", "192.0.2.1"), (name, "MX", "10 mail." + name), (name, "TXT", "v=spf1 mx -all"),
                    ("www." + name, "CNAME", name), ("_acme-challenge.kept." + name, "TXT", "K" * 43)):
                zone.add(owner, type, value)

    def new_id(self):
        self.next += 37
        return self.next

    def save(self):
        return self.version, [(z, [r.copy() for r in z.records]) for z in self.zones.values()]

    def load(self, saved):
        self.version = saved[0]
        for zone, records in saved[1]:
            zone.records = [r.copy() for r in records]

    def dump(self):
        return sorted(f"{z.name} {r.name} {r.type} {r.value}" for z in self.zones.values() for r in z.records)


# ---- requests and answers

class Request:
    def __init__(self, method, target, headers, body, host="", client=None):
        self.method, self.headers, self.body, self.host, self.client = method, headers, body, host, client
        self.raw_path, _, self.raw_query = target.partition("?")
        self.path = urllib.parse.unquote(self.raw_path)
        self.pairs = urllib.parse.parse_qsl(self.raw_query, keep_blank_values=True)
        self.query = dict(self.pairs)
        self.args = {}  # what the route's {names} stand for

    @property
    def json(self):
        if "json" not in (self.headers.get("Content-Type") or ""):
            raise Bad("Content-Type must be application/json", 415)
        try:
            return json.loads(self.body)
        except ValueError:
            raise Bad("the body is not JSON")

    @property
    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def params(self):
        """Query and form together, for APIs that take either."""
        return {**self.query, **(self.form if "form" in (self.headers.get("Content-Type") or "") else {})}

    @property
    def xml(self):
        try:
            return ET.fromstring(self.body)
        except ET.ParseError:
            raise Bad("the body is not XML")

    @property
    def bearer(self):
        scheme, _, rest = (self.headers.get("Authorization") or "").partition(" ")
        return rest if scheme == "Bearer" else None

    @property
    def basic(self):
        """(user, password) or None."""
        scheme, _, rest = (self.headers.get("Authorization") or "").partition(" ")
        return tuple(base64.b64decode(rest).decode().split(":", 1)) if scheme == "Basic" else None


class Answer:
    def __init__(self, status=200, body=b"", type="application/json", headers=None):
        self.status, self.type, self.headers = status, type, dict(headers or {})
        self.body = body.encode() if isinstance(body, str) else body


def answer_of(got):
    """What a handler returned: Answer; None = 204; dict or list = JSON; str = text; element = XML; (status, any of these)."""
    if isinstance(got, Answer):
        return got
    if isinstance(got, tuple):
        answer = answer_of(got[1])
        answer.status = got[0]
        return answer
    if got is None:
        return Answer(204, b"", None)
    if isinstance(got, ET.Element):
        return Answer(200, b'<?xml version="1.0"?>' + ET.tostring(got), "text/xml")
    if isinstance(got, str):
        return Answer(200, got, "text/plain")
    return Answer(200, json.dumps(got))


def element(tag, *children, **attributes):
    """XML: element("zone", element("name", "example.test"), id="7")."""
    e = ET.Element(tag, {k: str(v) for k, v in attributes.items()})
    for child in children:
        if isinstance(child, ET.Element):
            e.append(child)
        else:
            e.text = str(child)
    return e


def route(method, pattern, absent=False):
    """{name} stands for one segment, {name*} for the rest. absent: 404 here is the documented answer for a set
    that is not there, so that a fault 404 would be a lie nobody can see through; it is left out here."""
    regex = re.compile("".join(
        f"(?P<{p[1:-2]}>.+)" if p.endswith("*}") else f"(?P<{p[1:-1]}>[^/]+)" if p[:1] == "{" else re.escape(p)
        for p in re.split(r"(\{\w+\*?\})", pattern)) + r"\Z")

    def mark(handler):
        handler.routes = getattr(handler, "routes", []) + [(method, regex, absent)]
        return handler
    return mark


def twisted(value, depth=0):
    """The same JSON with wrong types: lists and objects swapped, texts for numbers, numbers for texts."""
    if isinstance(value, dict):
        return {k: twisted(v, depth + 1) for k, v in value.items()} if depth == 0 else [twisted(v, 2) for v in value.values()]
    if isinstance(value, list):
        return {str(i): twisted(v, 2) for i, v in enumerate(value)}
    if isinstance(value, bool) or value is None:
        return [value]
    return len(value) if isinstance(value, str) else str(value)


# ---- what fakes say in a line: auth = bearer("key", denied="..."), error = told({"message": WORDS})

WORDS, STATUS = "{words}", "{status}"


def told(shape):
    """An `error` of that documented shape, with WORDS and STATUS where they stand."""
    def put(part, status, words):
        if isinstance(part, dict):
            return {k: put(v, status, words) for k, v in part.items()}
        if isinstance(part, list):
            return [put(v, status, words) for v in part]
        return {WORDS: words, STATUS: status}.get(part, part)
    return lambda self, status, words: (status, put(shape, status, words))


def checked(right, denied):
    """denied: the words of error(401, words), or (status, words)."""
    right.denied = denied
    return right


def bearer(cred, denied="invalid credentials"):
    return checked(lambda self, q: q.bearer == self.creds[cred], denied)


def basic(user, password, denied="invalid credentials"):
    return checked(lambda self, q: q.basic == (self.creds[user], self.creds[password]), denied)


def header(name, cred, before="", denied="invalid credentials"):
    return checked(lambda self, q: q.headers.get(name) == before + self.creds[cred], denied)


def query(name, cred, denied="invalid credentials"):
    return given("query", {name: cred}, denied)


def given(where, creds, denied="invalid credentials"):
    """In the request's headers, query, form, params or json: given("form", {"login": "user", "pw": "password"})."""
    return checked(lambda self, q: all(getattr(q, where).get(n) == self.creds[c] for n, c in creds.items()), denied)


def session(name="", denied="invalid credentials"):
    """A token of those that a login has given out; in a header, or as bearer."""
    return checked(lambda self, q: (q.headers.get(name) if name else q.bearer) in self.tokens, denied)


# ---- and handlers: records = listing("/zones/{id}/records")

def listing(pattern):
    """The records of the zone that {id} or {zone} is, each as `shown` shows it."""
    @route("GET", pattern)
    def records(self, q):
        zone = self.zone_by_id(q.args["id"]) if "id" in q.args else self.zone(q.args["zone"])
        return [self.shown(zone, r) for r in zone.records]
    return records


class Fault:
    """One request that goes wrong: the `at`-th from now on, if the fault can hit that one."""

    def __init__(self, kind="none", at=1, words="", after=7):
        self.kind, self.at, self.words, self.after = kind, int(at), words or f"fault {kind}", int(after)
        self.hit, self.status, self.request = 0, 0, ""


# ---- the fake

class Fake:
    hosts = ()        # the API's hosts, as documented; () if only the user knows it (an appliance, a panel)
    zones = ZONES     # names of the zones in the account
    creds = {}        # what the account's credentials are; a case file has them as ${name}
    page_most = 100   # items of the API's largest page
    info = {}         # more ${name}s for case files
    quota_status = 422
    no_zone = None    # (words, status) of an unknown zone
    no_record = ("record not found", 404)

    def __init__(self):
        self.lock, self.event = threading.RLock(), threading.Event()
        self.outside = ""  # https://HOST or http://127.0.0.1:PORT, for links in answers
        self.about = {}
        handlers = [getattr(self, name) for name in dir(type(self))]
        self.routes = [(*r, h) for h in handlers for r in getattr(h, "routes", ())]
        self.reset()

    def reset(self, soft=False):
        """As in the beginning; soft: sessions stay."""
        self.store = Store(self.zones, self.zone_id)
        self.fault, self.mode, self.stale, self.gate, self.count = Fault(), {}, None, None, 0
        self.log = []
        self.event.set()
        self.event = threading.Event()
        if soft:
            self.committed()
        else:
            self.tokens = set()
            self.setup()

    # -- to be overridden

    def setup(self):
        """Start of a fresh state: jobs, sessions that are no tokens."""

    def zone_id(self, name, number):
        """An id of the documented form; never equal to a record's."""
        return number

    def auth(self, q):
        """True if the request's credentials are right."""
        return q.bearer == self.creds.get("token")

    def denied(self, q):
        """The documented answer to wrong credentials."""
        denied = getattr(self.auth, "denied", "invalid credentials")
        return self.error(*denied if isinstance(denied, tuple) else (401, denied))

    def error(self, status, words):
        """The API's documented error answer. Faults use it too, so that their words stand where words stand."""
        return status, {"message": words}

    def quota(self, words):
        """The documented answer when no more records are allowed."""
        return self.error(self.quota_status, words)

    def limited(self, words, after):
        """The documented answer to too many requests."""
        answer = answer_of(self.error(429, words))
        answer.headers["Retry-After"] = str(after)
        return answer

    def dumped(self):
        """All records as the kit sees them; for APIs with a publish call: what is published."""
        return self.store.dump()

    def committed(self):
        """For APIs with a publish call: what was put behind the API's back is published."""

    # -- for handlers

    def zone(self, name):
        """By name; Bad as the API would."""
        zone = self.store.zones.get(name)
        if not zone:
            raise Bad(*self.no_zone or (f"zone {name[:80]} not found", 404))
        return zone

    def zone_by_id(self, id):
        for zone in self.store.zones.values():
            if str(zone.id) == str(id):
                return zone
        raise Bad("zone not found", 404)

    def record_id(self, record):
        """As the API shows it."""
        return record.id

    def record(self, zone, id):
        for record in zone.records:
            if str(self.record_id(record)) == str(id):
                return record
        raise Bad(*self.no_record)

    def record_anywhere(self, id):
        """(zone, record) for APIs whose record ids are global."""
        for zone in self.store.zones.values():
            for record in zone.find(id=id):
                return zone, record
        raise Bad("record not found", 404)

    def page_size(self, asked=None):
        """Items a page may have: what was asked for, within the API's limit."""
        return max(1, min(int(asked or self.page_most), self.page_most))

    def page(self, items, number=1, size=None):
        """(items of page `number`, counted from 1; number of pages)."""
        n = self.page_size(size)
        number = max(1, int(number or 1))
        return items[(number - 1) * n:number * n], max(1, -(-len(items) // n))

    def fill(self):
        """More zones and records than a page may have stand before ours."""
        n = self.page_most + 3
        for zone in self.store.zones.values():
            zone.records[:0] = [Record(self.store.new_id(), f"f{i}.{zone.name}", "TXT" if i % 2 else "A",
                                       f"filler {i}" if i % 2 else "192.0.2.9", 3600) for i in range(2 * n)]
        first = next(iter(self.store.zones))
        names = [f"z{i}.{first.partition('.')[2] if '.' in first else 'test'}" for i in range(n)]
        more = [(name, Zone(name, self.zone_id(name, self.store.new_id()), self.store)) for name in names]
        self.store.zones = collections.OrderedDict(more + list(self.store.zones.items()))
        self.store.version += 1
        self.committed()

    # -- one request

    def handle(self, q):
        for method, regex, absent, handler in self.routes:
            match = method == q.method and regex.match(q.raw_path)
            if match:
                q.args = {k: urllib.parse.unquote(v) for k, v in match.groupdict().items()}
                q.absent = absent
                return handler
        return None

    def run(self, q):
        handler = self.handle(q)
        try:
            if not handler:
                return answer_of(self.error(404, f"no such path: {q.method} {q.path}"))
            if not getattr(handler, "open", False) and not self.auth(q):
                return answer_of(self.denied(q))
            return answer_of(handler(q))
        except Bad as e:
            return answer_of(self.error(e.status, str(e)))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as e:
            if os.environ.get("FAKE_TRACE"):
                traceback.print_exc()
            return answer_of(self.error(400, f"malformed request: {type(e).__name__} {e}"))

    def run_stale(self, q):
        """Eventual consistency: the first read that would notice the last write does not."""
        now, (version, _) = self.store.save(), self.stale
        self.store.load(self.stale)
        old = self.run(q)
        wrote = self.store.version != version
        self.store.load(now)
        new = self.run(q)
        if wrote or self.store.version != now[0] or (old.status, old.body) == (new.status, new.body):
            return new
        self.stale = None
        return old

    def run_gated(self, q, saved):
        """Two writers that have both read: each waits for the other before its write is done."""
        answer = self.run(q)
        gate = self.gate
        if not gate or self.store.version == saved[0]:
            return answer
        self.store.load(saved)
        self.lock.release()
        try:
            gate.wait(GATE_S)
        except threading.BrokenBarrierError:
            pass
        self.lock.acquire()
        self.gate = None
        return self.run(q)

    def faulty(self, q):
        """The answer instead of (before) the request, or None: it is done."""
        f = self.fault
        if f.kind == "html":
            return Answer(200, HTML.format(words=f.words), "text/html")
        if f.kind == "429":
            return self.limited(f.words, f.after)
        if f.kind.isdigit():
            if f.kind == "404" and getattr(q, "absent", False):
                return None
            return answer_of(self.error(int(f.kind), f.words))
        return None

    def can_spoil(self, answer, wrote):
        """Can the fault hit a request that was done?"""
        kind = self.fault.kind
        if kind in ("lost", "quota"):
            return wrote
        if kind in ("types", "hollow"):
            return answer.status < 300 and answer.type == "application/json" and len(answer.body) > 2
        return kind == "cut" and bool(answer.body)

    def spoil(self, answer, saved):
        """(the answer instead, how it is sent)"""
        kind = self.fault.kind
        if kind == "quota":
            self.store.load(saved)
            return answer_of(self.quota(self.fault.words)), ""
        if kind == "lost":
            return answer, "close"
        if kind == "cut":
            return answer, "cut"
        value = {} if kind == "hollow" else twisted(json.loads(answer.body))
        return Answer(answer.status, json.dumps(value), answer.type, answer.headers), ""

    def hit(self, q):
        self.fault.hit, self.fault.request = 1, f"{q.method} {q.raw_path}"
        return True

    def hang(self, q):
        event = self.event
        self.note(q, 0, "hang")
        self.lock.release()
        event.wait(HANG_S)
        self.lock.acquire()
        return None, "close"

    def serve(self, q):
        """(answer, "" or "cut" or "close")"""
        if self.mode.get("delay"):
            time.sleep(self.mode["delay"] / 2000)
        with self.lock:
            self.count += 1
            f, how, answer = self.fault, "", None
            f.at -= 1
            due = f.kind != "none" and f.at == 0
            saved = self.store.save() if due or self.mode else (self.store.version, None)
            self.handle(q)
            if due and f.kind == "hang" and self.hit(q):
                return self.hang(q)
            if due:
                answer = self.faulty(q)
            if answer:
                self.hit(q)
            else:
                answer = self.run_stale(q) if self.stale else self.run_gated(q, saved)
                if due and self.can_spoil(answer, self.store.version != saved[0]) and self.hit(q):
                    answer, how = self.spoil(answer, saved)
            if self.mode.get("lag") and self.store.version != saved[0]:
                self.stale = saved
            if due and f.hit:
                f.status = answer.status
            self.note(q, answer.status, f.kind if due and f.hit else "")
            return answer, how

    def note(self, q, status, what):
        self.log.append(f"{q.method} {q.raw_path}{'?' + q.raw_query if q.raw_query else ''} "
                        f"{q.body.decode('utf-8', 'replace')[:600]} -> {status}{' ' + what if what else ''}".replace("\n", " "))

    # -- the control endpoint

    def control(self, q):
        what, p = q.path[3:], q.query
        with self.lock:
            if what == "about":
                return {**self.about, "zones": list(self.store.zones), **self.info, **self.creds}
            if what == "reset":
                self.reset("soft" in p)
                for zone, name, type, value in (v.split(" ", 3) for k, v in q.pairs if k == "put"):
                    self.zone(zone).add(name, type, value)
                self.committed()
                return {"records": self.dumped()}
            elif what == "dump":
                return {"records": self.dumped(), "requests": self.count}
            elif what == "ttls":
                return {"records": [f"{z.name} {r.name} {r.type} {r.value} TTL {r.ttl}" for z in self.store.zones.values() for r in z.records]}
            elif what == "put":
                self.zone(p["zone"]).add(p["name"], p.get("type", "TXT"), p["value"])
                self.committed()
            elif what == "fault":
                if "kind" in p:
                    self.fault = Fault(**p)
                f = self.fault
                return {"kind": f.kind, "hit": f.hit, "status": f.status, "request": f.request, "left": f.at}
            elif what == "mode":
                self.mode = {k: int(v) for k, v in p.items()}
                if self.mode.get("fill"):
                    self.fill()
                self.stale = None
                self.gate = threading.Barrier(self.mode["gate"]) if self.mode.get("gate") else None
            elif what == "log":
                return {"log": self.log[-int(p.get("n", 40)):]}
            else:
                return 404, {"message": "about reset dump put fault mode log"}
            return {}


class Published(Fake):
    """What was written counts once it is published: a handler calls committed()."""

    def setup(self):
        self.committed()

    def dumped(self):
        return self.published

    def committed(self):
        self.published = self.store.dump()


def public(handler):
    """No credentials needed (a login, say)."""
    handler.open = True
    return handler


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    host = ""

    def parse_request(self):
        """As the base class does, without its parser of mail, which took a third of a fake's time."""
        self.requestline = self.raw_requestline.decode("iso-8859-1")
        self.command, self.path, self.request_version = self.requestline.split()
        self.headers = email.message.Message()
        while (line := self.rfile.readline(LINE_MOST)).strip():
            name, _, value = line.decode("iso-8859-1").partition(":")
            self.headers[name] = value.strip()
        self.close_connection = self.headers.get("Connection", "").lower() == "close"
        return self.headers.get("Expect") != "100-continue" or self.handle_expect_100()

    def any(self):
        n = int(self.headers.get("Content-Length") or 0)
        q = Request(self.command, self.path, self.headers, self.rfile.read(n) if n else b"", self.host, self.client_address)
        fake, how = self.server.fake, ""
        if q.path.startswith("/__"):
            try:
                answer = answer_of(fake.control(q))
            except Exception as e:
                answer = answer_of((400, {"message": f"{type(e).__name__}: {e}"}))
        else:
            answer, how = fake.serve(q)
            if fake.mode.get("delay"):
                time.sleep(fake.mode["delay"] / 2000)
        if how == "close":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer.status)
        if answer.type:
            self.send_header("Content-Type", answer.type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[:len(answer.body) // 2] if how == "cut" else answer.body)
        self.wfile.flush()
        if how == "cut":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    def do_CONNECT(self):
        """As a proxy: the fake's hosts, whose certificates its authority makes."""
        host, _, port = self.path.rpartition(":")
        if not self.server.context or host not in self.server.fake.hosts or port != "443":
            self.send_error(502, f"{host} is none of the documented hosts")
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.close_connection, self.host = False, host

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = any

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, address):
        if os.environ.get("FAKE_TRACE"):
            traceback.print_exc()


class Authority:
    """A throw-away CA in a folder; ca is its certificate's path."""

    def __init__(self, folder):
        self.folder = folder
        self.ca, self.key = os.path.join(folder, "ca.pem"), os.path.join(folder, "key.pem")
        self.openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.key)
        self.openssl("req", "-x509", "-key", self.key, "-out", self.ca, "-days", "2", "-subj", "/CN=CA of the fakes")

    def openssl(self, *words):
        subprocess.run(["openssl", *words], check=True, capture_output=True)

    def context(self, hosts):
        """For a server that stands for these hosts."""
        name = os.path.join(self.folder, re.sub(r"\W", "-", hosts[0]) + ".pem")
        names = ",".join(["DNS:" + h for h in hosts] + ["DNS:localhost", "IP:127.0.0.1"])
        self.openssl("req", "-x509", "-CA", self.ca, "-CAkey", self.key, "-key", self.key, "-out", name, "-days", "2", "-subj",
                     "/CN=fake", "-addext", "subjectAltName=" + names, "-addext", "basicConstraints=critical,CA:FALSE")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(name, self.key)
        context.set_alpn_protocols(["http/1.1"])
        return context


def start(fake, port=0, authority=None, tls=False):
    """Serves the fake on a loopback port in threads; returns the server (shutdown() ends it). With an authority it is also a proxy
    behind which are the fake's hosts, by https; tls: the port itself speaks TLS, as localhost."""
    server = Server(("127.0.0.1", port), Handler)
    server.fake, server.context = fake, None
    if authority and (fake.hosts or tls):
        server.context = authority.context(list(fake.hosts) or ["localhost"])
    if tls:
        server.socket = server.context.wrap_socket(server.socket, server_side=True)
    number = server.server_address[1]
    fake.base = f"https://localhost:{number}" if tls else f"http://127.0.0.1:{number}"
    fake.outside = f"https://{fake.hosts[0]}" if fake.hosts and server.context else fake.base
    fake.about = {"url": fake.base}
    if authority and fake.hosts:
        fake.about.update(proxy=fake.base, ca_bundle=authority.ca)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


def load(name):
    """The fake NAME of this folder: class Api of NAME.py, or NAME.Class."""
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    module, _, cls = name.partition(".")
    return getattr(importlib.import_module(module.replace("-", "_")), cls or "Api")()
