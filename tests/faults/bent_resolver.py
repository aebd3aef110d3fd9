"""Resolvers that do not answer `NS tld`: bent_resolver.py UPSTREAM ADDRESS=NOTIMP|SERVFAIL|NXDOMAIN|nodata..."""
import sys
import threading

from bent_dns import QR, BentDNS, made, question_type

NS = 2
RA = 0x0080
RCODE = {"nodata": 0, "SERVFAIL": 2, "NXDOMAIN": 3, "NOTIMP": 4}


def bent(how):
    def behaviour(query, answer, tcp):
        return [made(query, rcode=RCODE[how], flags=QR | RA)] if question_type(query) == NS else [answer]
    return lambda labels: behaviour if len(labels) == 1 else None


upstream, *servers = sys.argv[1:]
for server in servers:
    address, how = server.split("=")
    BentDNS(address, upstream, bent(how))
print("ready", flush=True)
threading.Event().wait()
