"""A web API that does what the last part of the path says, over http and https.

usage: http_peer.py FOLDER    writes FOLDER/ca.pem, prints both ports, serves until its stdin ends
"""
import email.utils, json, os, socket, ssl, subprocess, sys, threading, time

folder = sys.argv[1]


def make_certificates():
    run = lambda *a: subprocess.run(a, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    run("openssl", "req", "-x509", *ec, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test root", "-days", "2")
    run("openssl", "req", *ec, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=leaf")
    with open(os.path.join(folder, "ext"), "w") as f:
        f.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    run("openssl", "x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-out", "leaf.pem", "-days", "1", "-extfile", "ext")


def answer(conn, status, headers=(), body=b""):
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    lines = ["HTTP/1.1 %s" % status] + list(headers) + ["Content-Length: %d" % len(body)]
    conn.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body)


def request(conn, rest):
    while b"\r\n\r\n" not in rest:
        more = conn.recv(65536)
        if not more:
            return None
        rest += more
        if rest[:1] == b"\x16":  # TLS, where none is spoken
            answer(conn, "400 Bad Request")
            return None
    head, rest = rest.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    fields = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
    want = int(fields.get("content-length", 0))
    while len(rest) < want:
        rest += conn.recv(65536)
    method, path, _ = lines[0].split(" ")
    return method, path, fields, rest[:want], rest[want:]


def date(ahead=0):
    return email.utils.formatdate(time.time() + ahead, usegmt=True)


SHAPES = {
    "shape-cloudflare": {"success": False, "errors": [{"code": 9109, "message": "Authentication error",
                         "error_chain": [{"code": 6, "message": "Invalid access token"}]}], "result": None},
    "shape-message": {"id": "forbidden", "message": "You are not allowed"},
    "shape-error": {"error": "no such record"},
    "shape-nested": {"error": {"code": 7, "message": "nested words"}},
    "shape-oauth": {"error": "invalid_token", "error_description": "The token expired"},
    "shape-problem": {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "TTL is too low"},
    "shape-msg": {"code": 1, "msg": "wrong key"},
    "shape-reason": {"Reason": "because"},
    "shape-fields": {"errors": {"content": ["is too long", "x"], "ttl": ["is no number"]}},
    "shape-strings": {"errors": ["first", "second"]},
    "shape-code": {"code": 1021, "data": {}},
    "shape-status": {"status": "error", "message": "the words"},
    "shape-none": {"a": 1},
}
TEXTS = {
    "html": b"<!DOCTYPE html><html><head><title>502 Bad\n Gateway</title></head><body><h1>x</h1></body></html>",
    "xml": b"<?xml version='1.0'?><ErrorResponse><Error><Type>Sender</Type><Message>Rate exceeded</Message></Error>"
           b"</ErrorResponse>",
    "control": b"a\x1b[31mred\x07 \xff words",
    "nul": b"a\0b",
    "empty": b"",
    "long": b"word " * 100000,
}


def misbehave(conn, what):
    if what == "endless":
        conn.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            conn.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
    elif what == "endless-header":
        conn.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            conn.sendall(b"X-Filler: " + b"x" * 1000 + b"\r\n")
    elif what == "stall":
        time.sleep(60)
    elif what == "drip":
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(600):
            conn.sendall(b"x")
            time.sleep(0.1)
    elif what == "cut":
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"half\":")
    elif what == "close":
        pass
    elif what == "garbage":
        conn.sendall(b"\x00\x01\x02 no HTTP at all\r\n\r\n")
    else:
        return False
    return True


RECORDS = {}


def boxdns(conn, method, path, fields, body):
    """The service of the example in dnsproof-provider(3): its fault is in the token."""
    where, _, query = path.partition("?")
    token = fields.get("authorization", "")
    if token != "Bearer right-token":
        answer(conn, "403 Forbidden", [], {"message": "no right for " + token})
    elif method == "GET":
        name = dict(p.split("=") for p in query.split("&"))["name"]
        answer(conn, "200 OK", [], {"records": [r for r in RECORDS.values() if r["name"] == name]})
    elif method == "POST":
        record = json.loads(body)
        record["id"] = "id/%d" % len(RECORDS)
        RECORDS[record["id"]] = record
        answer(conn, "201 Created", [], {"id": record["id"]})
    elif method == "DELETE":
        gone = RECORDS.pop(where.split("/records/")[1].replace("%2F", "/"), None)
        answer(conn, "204 Gone" if gone else "404 Not Found")


def serve_one(conn, method, path, fields, body, base):
    if path.startswith("/v1/zones/"):
        boxdns(conn, method, path, fields, body)
        return True
    what, _, query = path.rsplit("/", 1)[1].partition("?")
    token = fields.get("authorization", "").rsplit(" ", 1)[-1]
    if misbehave(conn, what):
        return False
    if what.startswith("status-"):
        number = what.split("-")[1]
        answer(conn, number + " X", [], {"message": "said " + number})
    elif what == "retry-seconds":
        answer(conn, "429 Slow", ["Retry-After: 17"], {"message": "slow down"})
    elif what == "retry-date":
        answer(conn, "503 Down", ["Date: " + date(-5000), "Retry-After: " + date(-4910)])
    elif what == "retry-far":
        answer(conn, "429 Slow", ["Retry-After: 99999999999999999999"])
    elif what == "retry-past":
        answer(conn, "429 Slow", ["Date: " + date(), "Retry-After: " + date(-100)])
    elif what == "retry-nonsense":
        answer(conn, "429 Slow", ["Retry-After: soon"])
    elif what == "redirect":
        answer(conn, "302 Found", ["Location: https://elsewhere.example:8443/path?key=" + token])
    elif what == "redirect-same":
        answer(conn, "301 Moved", ["Location: /other"])
    elif what == "skew-behind":
        answer(conn, "401 No", ["Date: " + date(600)], {"message": "expired signature"})
    elif what == "skew-ahead":
        answer(conn, "403 No", ["Date: " + date(-600)], {"message": "expired signature"})
    elif what == "skew-none":
        answer(conn, "403 No", ["Date: " + date(10)], {"message": "just no"})
    elif what in SHAPES:
        answer(conn, "400 Bad", ["Content-Type: application/json"], SHAPES[what])
    elif what in TEXTS:
        answer(conn, "500 Oh", ["Content-Type: text/html"], TEXTS[what])
    elif what == "leak":
        answer(conn, "403 No", [], {"message": "token %s refused; %s; %s" % (token, query, path)})
    elif what == "leak-late":
        answer(conn, "403 No", [], {"message": "x" * 180 + token})
    elif what == "leak-json":
        answer(conn, "403 No", [], json.dumps({"unknown": token}).encode())
    elif what == "leak-header":
        answer(conn, "403 No", [], {"message": fields.get("authorization", "")})
    elif what == "object":
        answer(conn, "200 OK", ["Server:  Fake/1.0 "], {"a": {"b": 1}, "a2": []})
    elif what == "duplicate":
        answer(conn, "200 OK", [], b'{"a":1,"a":2}')
    elif what == "array":
        answer(conn, "200 OK", [], [1])
    elif what == "string":
        answer(conn, "200 OK", [], b'"text"')
    elif what == "number":
        answer(conn, "200 OK", [], b"17")
    elif what == "half":
        answer(conn, "200 OK", ["Content-Type: application/json"], b'{"a":')
    elif what == "no-content":
        conn.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
    elif what == "deep":
        answer(conn, "200 OK", [], b"[" * 100000 + b"]" * 100000)
    elif what == "parts":
        answer(conn, "200 OK", [], b"[" + b"0," * 500000 + b"0]")
    elif what == "largest":
        answer(conn, "200 OK", [], b"x" * (4 * 1024 * 1024))
    elif what == "too-large":
        answer(conn, "200 OK", [], b"x" * (4 * 1024 * 1024 + 1))
    elif what == "interim":
        conn.sendall(b"HTTP/1.1 103 Early Hints\r\nServer: early\r\n\r\n")
        answer(conn, "200 OK", ["Server: final"], {})
    elif what == "chain":
        answer(conn, "200 OK", [], {"next": base + "/echo", "filler": "y" * 1000})
    elif what.startswith("page-"):
        last = what == "page-3"
        answer(conn, "200 OK", [], {} if last else {"next": "%s/page-%d" % (base, int(what[5:]) + 1)})
    elif what == "echo":
        answer(conn, "200 OK", [], ("%s %s %s %s" % (method, fields.get("user-agent"), fields.get("content-type"),
                                                     len(body))).encode())
    elif what == "echo-post":
        answer(conn, "400 Bad", [], {"message": "%s %s %s" % (method, fields.get("content-type"), body.decode())})
    elif what == "port":
        answer(conn, "200 OK", ["Server: port-%d" % conn.getpeername()[1]])
    elif what == "from":
        answer(conn, "200 OK", ["Server: from-" + conn.getpeername()[0]])
    else:
        answer(conn, "404 Not Found", [], {"message": "no path " + what})
    return True


def serve(conn, base):
    rest = b""
    try:
        while True:
            got = request(conn, rest)
            if not got:
                return
            method, path, fields, body, rest = got
            if not serve_one(conn, method, path, fields, body, base):
                return
    except OSError:
        pass
    finally:
        conn.close()


def listen(tls, address="127.0.0.1", port=0):
    s = socket.create_server((address, port), backlog=64)
    base = "%s://127.0.0.1:%d" % ("https" if tls else "http", s.getsockname()[1])

    def accept():
        while True:
            conn, _ = s.accept()
            threading.Thread(target=start, args=(conn,), daemon=True).start()

    def start(conn):
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            if tls:
                conn = tls.wrap_socket(conn, server_side=True)
        except (OSError, ssl.SSLError):
            return
        serve(conn, base)

    threading.Thread(target=accept, daemon=True).start()
    if tls and address == "127.0.0.1":
        listen(tls, "127.0.0.2", s.getsockname()[1])  # which its certificate does not name
    return s.getsockname()[1]


make_certificates()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(os.path.join(folder, "leaf.pem"), os.path.join(folder, "leaf.key"))
print(listen(None), listen(context), flush=True)
sys.stdin.read()
