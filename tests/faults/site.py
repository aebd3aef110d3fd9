"""A site whose firewall lets nothing out but what is named: site.py LOG RELAY... -- CMD...

CMD runs in a network of its own. RELAY is tcp:ADDRESS:PORT=ADDRESS:PORT or dns:... (UDP and TCP): what is sent to the
first there comes out at the second in the network outside. A question to any other address at port 53 is a line
"elsewhere ADDRESS NAME TYPE" in LOG and has no answer; one that went through a dns relay is "relayed ADDRESS NAME TYPE".
"""
import ctypes
import os
import socket
import struct
import subprocess
import sys
import threading

from bent_dns import question_name, question_type

CLONE_NEWNET, IP_PKTINFO = 0x40000000, 8
TYPES = {1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 16: "TXT", 28: "AAAA", 257: "CAA"}

log = open(sys.argv[1], "a", buffering=1)
relays = sys.argv[2:sys.argv.index("--")]
command = sys.argv[sys.argv.index("--") + 1:]
inside = []  # (socket in the site's network, function, its arguments)
ready = threading.Event()
status = []


def note(what, address, query):
    try:
        log.write(f"{what} {address} {'.'.join(question_name(query))} {TYPES.get(question_type(query), question_type(query))}\n")
    except struct.error:
        log.write(f"{what} {address} garbled\n")


def pair(text):
    address, port = text.rsplit(":", 1)
    return address, int(port)


def bound(kind, address):
    s = socket.socket(socket.AF_INET, kind)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if kind == socket.SOCK_DGRAM:
        s.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    s.bind(address)
    if kind == socket.SOCK_STREAM:
        s.listen(50)
    return s


def pour(source, sink):
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one of both went away


def relay_tcp(server, outer):
    while True:
        here, _ = server.accept()
        there = socket.create_connection(outer)
        for a, b in ((here, there), (there, here)):
            threading.Thread(target=pour, args=(a, b), daemon=True).start()


def relay_udp(server, outer):
    def once(query, peer):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(5)
            s.connect(outer)
            try:
                s.send(query)
                server.sendto(s.recv(65536), peer)
            except OSError:
                pass  # no answer is none inside either
    while True:
        query, peer = server.recvfrom(65536)
        note("relayed", server.getsockname()[0], query)
        threading.Thread(target=once, args=(query, peer), daemon=True).start()


def trap_udp(server):
    while True:
        query, ancillary, _, _ = server.recvmsg(65536, 256)
        address = socket.inet_ntoa(ancillary[0][2][8:12]) if ancillary else "?"
        note("elsewhere", address, query)


def trap_tcp(server):
    while True:
        here, _ = server.accept()
        log.write(f"elsewhere {here.getsockname()[0]} by TCP\n")
        here.close()


def site():
    """The network belongs to this thread and to what it starts; the threads of others stay outside."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["ip", "route", "add", "local", "default", "dev", "lo"], check=True)
    for relay in relays:
        kind, rest = relay.split(":", 1)
        inner, outer = map(pair, rest.split("="))
        inside.append((bound(socket.SOCK_STREAM, inner), relay_tcp, (outer,)))
        if kind == "dns":
            inside.append((bound(socket.SOCK_DGRAM, inner), relay_udp, (outer,)))
    inside.append((bound(socket.SOCK_DGRAM, ("0.0.0.0", 53)), trap_udp, ()))
    inside.append((bound(socket.SOCK_STREAM, ("0.0.0.0", 53)), trap_tcp, ()))
    ready.set()
    status.append(subprocess.run(command).returncode)


thread = threading.Thread(target=site)
thread.start()
if not ready.wait(20):
    os._exit(99)
for s, function, arguments in inside:
    threading.Thread(target=function, args=(s, *arguments), daemon=True).start()
thread.join()
os._exit(status[0] & 255)
