"""An HTTPS server that misbehaves on purpose: what it does is the path's first word.

usage: https_peer.py FOLDER    writes FOLDER/ca.pem, prints its port, serves until its stdin ends
"""
import os, socket, ssl, subprocess, sys, threading, time

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


def answer(conn, status, headers, body=b""):
    lines = ["HTTP/1.1 " + status] + headers + ["Content-Length: %d" % len(body)]
    conn.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body)


def request(conn, rest):
    while b"\r\n\r\n" not in rest:
        more = conn.recv(65536)
        if not more:
            return None
        rest += more
    head, rest = rest.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    fields = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
    want = int(fields.get("content-length", 0))
    while len(rest) < want:
        rest += conn.recv(65536)
    method, path, _ = lines[0].split(" ")
    return method, path, fields, rest[:want], rest[want:]


def serve_one(conn, method, path, fields, body, peer):
    what = path.strip("/").split("/")[0]
    if what == "ok":
        answer(conn, "200 OK", ["Content-Type: text/plain", "Replay-Nonce: abc", "Link: <https://a/1>;rel=\"alternate\"",
                                "link: <https://a/2>;rel=\"alternate\"", "Retry-After: 7",
                                "Date: Sun, 06 Nov 1994 08:49:37 GMT", "Location: https://localhost/there"],
               b"" if method == "HEAD" else b"hello")
    elif what == "echo":
        text = "%s %s %s %s port %d" % (method, fields.get("user-agent"), fields.get("content-type"), body.decode(), peer[1])
        answer(conn, "200 OK", ["Content-Type: text/plain"], text.encode())
    elif what == "from":
        answer(conn, "200 OK", ["Content-Type: text/plain"], peer[0].encode())
    elif what == "endless":
        conn.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            conn.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
    elif what == "declared":
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        while True:
            conn.sendall(b"x" * 65536)
    elif what == "stall":
        time.sleep(60)
    elif what == "drip":
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            conn.sendall(b"x")
            time.sleep(0.02)
    elif what == "flood":
        conn.sendall(b"HTTP/1.1 200 OK\r\n")
        for i in range(10 ** 7):
            conn.sendall(b"X-%d: y\r\n" % i)
    elif what == "continue":
        while True:
            conn.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    elif what == "long":
        conn.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            conn.sendall(b"y" * 10000)
    elif what == "redirect":
        answer(conn, "302 Found", ["Location: https://localhost:%d/ok" % conn.getsockname()[1]])
    elif what == "html":
        answer(conn, "503 Service Unavailable", ["Content-Type: text/html", "Retry-After: 120"], b"<html>\xff\x00</html>")
    elif what == "cut":
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
        return False
    elif what == "close":
        return False
    return True


def serve(raw, peer, context):
    try:
        conn = context.wrap_socket(raw, server_side=True)
        rest = b""
        while True:
            got = request(conn, rest)
            if got is None:
                break
            rest = got[4]
            if not serve_one(conn, *got[:4], peer):
                break
        conn.close()
    except OSError:
        pass


def main():
    make_certificates()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, "leaf.pem"), os.path.join(folder, "leaf.key"))
    listener = socket.create_server(("127.0.0.1", 0))
    listener.listen(100)

    def accept():
        while True:
            raw, peer = listener.accept()
            threading.Thread(target=serve, args=(raw, peer, context), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    sys.stdin.read()
    os._exit(0)


main()
