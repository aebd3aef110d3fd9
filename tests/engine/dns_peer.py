"""A UDP name server of fixed answers for the tests of lookup.c.

usage: dns_peer.py x    prints its port, serves until its stdin ends
"""
import os, socket, struct, sys, threading, time

A, NS, CNAME, AAAA = 1, 2, 5, 28


def name(text):
    return b"".join(bytes([len(p)]) + p.encode() for p in text.split(".") if p) + b"\0"


def rr(owner, kind, data, ttl=60):
    return name(owner) + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data


def a(owner, address):
    return rr(owner, A, socket.inet_aton(address))


def aaaa(owner, address):
    return rr(owner, AAAA, socket.inet_pton(socket.AF_INET6, address))


def cname(owner, target):
    return rr(owner, CNAME, name(target))


def records(qname, qtype):
    """rcode and records; None = silence"""
    q = qname.lower()
    if q == "both.test":
        return 0, [a(q, "192.0.2.1"), a(q, "192.0.2.2")] if qtype == A else [aaaa(q, "2001:db8::1")]
    if q == "four.test":
        return 0, [a(q, "192.0.2.4")] if qtype == A else []
    if q == "slow.test":
        return (0, [a(q, "192.0.2.5")]) if qtype == A else None
    if q == "alias.test":
        chain = [cname(q, "MIDDLE.test"), cname("middle.test", "end.test")]
        return 0, chain + ([a("end.test", "192.0.2.6"), a("stranger.test", "192.0.2.66")] if qtype == A else [])
    if q == "round.test":
        return 0, [cname(q, "back.test"), cname("back.test", q)]
    if q == "refused.test":
        return 5, []
    if q == "fail.test":
        return 2, []
    if q == "silent.test":
        return None
    if q == "garbage.test":
        return -1, []
    if q == "many.test":
        return 0, [a(q, "192.0.2.%d" % i) for i in range(1, 30)] if qtype == A else []
    if q.endswith(".load.test"):
        return 0, [a(q, "192.0.2.9")] if qtype == A else []
    if q == "" and qtype == NS:
        return 0, [rr("", NS, name("a.root.test")), rr("", NS, name("B.root.test"))]
    if q == "test" and qtype == NS:
        return 0, [rr("test", NS, name("ns.nic.test")), rr("other", NS, name("ns.evil.test"))]
    return 3, []


def reply(query):
    qid, = struct.unpack("!H", query[:2])
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += 1 + query[at]
    qtype, = struct.unpack("!H", query[at + 1:at + 3])
    got = records(".".join(labels), qtype)
    if got is None:
        return None
    rcode, answers = got
    question = query[12:at + 5]
    if rcode < 0:
        return struct.pack("!HHHHHH", qid, 0x8180, 1, 9, 0, 0) + question + b"\xc0\x0c\xff"
    return struct.pack("!HHHHHH", qid, 0x8180 | rcode, 1, len(answers), 0, 0) + question + b"".join(answers)


def serve(sock):
    while True:
        query, peer = sock.recvfrom(4096)
        answer = reply(query)
        if answer:
            sock.sendto(answer, peer)


sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
sock.bind(("127.0.0.1", 0))
threading.Thread(target=serve, args=(sock,), daemon=True).start()
print(sock.getsockname()[1], flush=True)
sys.stdin.read()
os._exit(0)
