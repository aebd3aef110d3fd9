"""A name server that misbehaves: it asks the real one and bends the answer, by UDP and TCP, as the name asked for says.

Messages are bent as octets; of a message no more is understood than the question and where the answer begins.
"""
import socket
import struct
import threading
import time

QR, AA, TC = 0x8000, 0x0400, 0x0200


def question_end(message):
    """Offset after the only question; 12 when there is none."""
    at = 12
    while at < len(message) and message[at]:
        at += 1 + message[at]
    return at + 5


def question_name(message):
    labels, at = [], 12
    while at < len(message) and message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode("latin-1").lower())
        at += 1 + message[at]
    return labels


def question_type(message):
    return struct.unpack_from("!H", message, question_end(message) - 4)[0]


def name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".") if label) + b"\0"


def record(rdata, kind=16, owner=b"\xc0\x0c", ttl=60):
    return owner + struct.pack("!HHIH", kind, 1, ttl, len(rdata)) + rdata


def txt(*strings):
    return record(b"".join(bytes([len(s)]) + s for s in strings))


def header(message, flags=None, rcode=None, counts=None, ident=None):
    """The message with another header; None leaves a part as it is."""
    old = struct.unpack_from("!6H", message)
    new_flags = old[1] if flags is None else flags
    if rcode is not None:
        new_flags = new_flags & 0xfff0 | rcode & 15
    return struct.pack("!6H", old[0] if ident is None else ident, new_flags, *(counts or old[2:])) + message[12:]


def made(query, *records, rcode=0, flags=QR | AA, authority=(), claim=None):
    """An answer of our own to the query; claim: number of answers said in place of the true one."""
    body = query[12:question_end(query)] + b"".join(records) + b"".join(authority)
    counts = (1, len(records) if claim is None else claim, len(authority), 0)
    return struct.pack("!6H", struct.unpack_from("!H", query)[0], flags | rcode, *counts) + body


class BentDNS:
    """behaviour_of(labels of the name asked for) -> function(query, answer, tcp) or None. The function gives the messages to
    send (a list; empty: silence), or a string: "close" ends a TCP connection."""

    def __init__(self, address, upstream, behaviour_of):
        self.upstream, self.behaviour_of = upstream, behaviour_of
        self.hits, self.lock = {}, threading.Lock()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((address, 53))
        self.tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.tcp.bind((address, 53))
        self.tcp.listen(50)
        for loop in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=loop, daemon=True).start()

    def ask(self, query):
        with socket.create_connection((self.upstream, 53), timeout=5) as s:
            s.sendall(struct.pack("!H", len(query)) + query)
            return self.read(s)

    @staticmethod
    def read(s):
        def octets(n):
            got = b""
            while len(got) < n:
                piece = s.recv(n - len(got))
                if not piece:
                    raise EOFError
                got += piece
            return got
        return octets(struct.unpack("!H", octets(2))[0])

    def bent(self, query, tcp):
        labels = question_name(query)
        behaviour = self.behaviour_of(labels)
        answer = self.ask(query)
        if not behaviour:
            return [answer]
        key = next((x for x in labels if x.startswith("h") and x[1:].isdigit()), "")
        with self.lock:
            self.hits[key] = self.hits.get(key, 0) + 1
        return behaviour(query, answer, tcp)

    def serve_udp(self):
        while True:
            query, peer = self.udp.recvfrom(4096)
            threading.Thread(target=self.answer_udp, args=(query, peer), daemon=True).start()

    def answer_udp(self, query, peer):
        try:
            for message in self.bent(query, False):
                if len(message) > 1232 and message[:2] == query[:2]:
                    message = header(made(query), flags=QR | AA | TC)
                self.udp.sendto(message, peer)
        except (OSError, EOFError, struct.error):
            pass  # the client went away, or sent what is no question

    def serve_tcp(self):
        while True:
            connection, _ = self.tcp.accept()
            threading.Thread(target=self.answer_tcp, args=(connection,), daemon=True).start()

    def answer_tcp(self, connection):
        with connection:
            connection.settimeout(10)
            try:
                query = self.read(connection)
                for message in self.bent(query, True):
                    if message == "close":
                        return
                    if message == "hold":
                        time.sleep(8)
                        return
                    connection.sendall(struct.pack("!H", min(len(message), 65535)) + message[:65535])
            except (OSError, EOFError, struct.error):
                pass
