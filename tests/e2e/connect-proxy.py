#!/usr/bin/env python3
"""An HTTP proxy that only knows CONNECT: connect-proxy.py PORT-FILE NAME:PORT ADDRESS:PORT

NAME:PORT leads to ADDRESS:PORT, everything else is 403; each request line is printed.
"""
import os
import select
import socket
import sys
import threading

port_file, known, target = sys.argv[1:]
address, port = target.rsplit(":", 1)


def pump(a, b):
    while True:
        for s in select.select([a, b], [], [], 60)[0] or [None]:
            data = s.recv(65536) if s else b""
            if not data:
                return
            (b if s is a else a).sendall(data)


def serve(client):
    with client:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(4096)
            if not piece:
                return
            head += piece
        line = head.split(b"\r\n")[0].decode()
        print(line, flush=True)
        if not line.startswith(f"CONNECT {known} "):
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection((address, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            pump(client, server)


listener = socket.create_server(("127.0.0.1", 0))
with open(port_file + ".new", "w") as f:
    f.write(str(listener.getsockname()[1]))
os.rename(port_file + ".new", port_file)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
