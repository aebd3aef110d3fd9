#!/usr/bin/python3
"""Behaviours of one hostile or broken name server of a zone with two: tests/faults/hostile_dns.py [-v] [NAME...]

To be run inside the lab (tests/lab/run): the zone dead.test has BIND, which is right, and 127.0.9.9, which is bent. Whatever
it says, no run hangs or crashes, nothing wrong is published, no TXT record is left; `stale` behaviours (an authoritative answer
that lacks the value) must end without a certificate and without a challenge, `issued` ones count as unreachable or good: the CA is asked.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import time

from bent_dns import AA, QR, TC, BentDNS, header, made, name, question_end, question_type, record, txt

LAB = os.environ["LAB_DIR"]
INST = os.environ["DNSPROOF_INST"]
LIMIT = 170  # seconds a run may take
TIMEOUT = 8  # --timeout: how long a stale server is waited for
OTHER = b"x" * 43


def silent(query, answer, tcp):
    return []


def flags(value, rcode=None):
    return lambda query, answer, tcp: [header(answer, flags=value, rcode=rcode)]


def of_type(kind, bend):
    return lambda query, answer, tcp: bend(query, answer, tcp) if question_type(query) == kind else [answer]


def rcode(n, authoritative=False, empty=True):
    def bend(query, answer, tcp):
        return [made(query, rcode=n, flags=QR | (AA if authoritative else 0)) if empty else header(answer, rcode=n)]
    return bend


def instead(*records, **more):
    return lambda query, answer, tcp: [made(query, *records, **more)]


def value_in(answer):
    found = re.search(rb"\x2b([A-Za-z0-9_-]{43})", answer[12:])
    return found.group(1) if found else None


def rewritten(write):
    """An answer made of the true value; as it is while there is none."""
    def bend(query, answer, tcp):
        value = value_in(answer)
        return [made(query, *write(value))] if value else [answer]
    return bend


def udp_only(bend):
    return lambda query, answer, tcp: [answer] if tcp else bend(query, answer, tcp)


def tcp_says(what, udp=None):
    return lambda query, answer, tcp: [what] if tcp else (udp or (lambda *_: [header(made(query), flags=QR | AA | TC)]))(query, answer, tcp)


def octets(change):
    return lambda query, answer, tcp: [change(query, answer)]


def truncations():
    for n in (0, 1, 11, 12, 17, 25):
        yield f"cut-to-{n}", "issued", octets(lambda q, a, n=n: a[:n])
    yield "cut-by-one", "either", octets(lambda q, a: a[:-1])
    yield "tc-then-right", "issued", udp_only(lambda q, a, t: [header(made(q), flags=QR | AA | TC)])
    yield "tc-everywhere", "either", flags(QR | AA | TC)
    yield "tc-then-closed", "issued", tcp_says("close")
    yield "tc-then-held", "issued", tcp_says("hold")
    yield "tc-then-empty-message", "issued", tcp_says(b"")
    yield "tc-then-garbage", "issued", tcp_says(os.urandom(300))


def refusals():
    for n in range(1, 16):
        if n != 3:
            yield f"rcode-{n}", "issued", rcode(n)
            yield f"rcode-{n}-with-aa", "either", rcode(n, authoritative=True)
    yield "nxdomain-without-aa", "issued", rcode(3)
    yield "rcode-refused-with-the-value", "either", rcode(5, empty=False)
    yield "rcode-servfail-with-the-value", "either", rcode(2, empty=False)
    yield "soa-servfail-txt-right", "issued", of_type(6, rcode(2))
    yield "soa-refused-txt-right", "issued", of_type(6, rcode(5))
    yield "soa-notimp-txt-right", "issued", of_type(6, rcode(4))
    yield "soa-silent-txt-right", "issued", of_type(6, silent)
    yield "txt-silent-soa-right", "issued", of_type(16, silent)
    yield "txt-notimp-soa-right", "issued", of_type(16, rcode(4))
    yield "silent", "issued", silent
    yield "silent-by-udp", "issued", lambda q, a, t: [a] if t else []
    yield "no-aa", "issued", flags(QR)
    yield "not-an-answer", "issued", flags(0)
    yield "the-query-back", "issued", octets(lambda q, a: q)
    yield "opcode-notify", "issued", flags(QR | AA | 0x2000)
    yield "opcode-update", "issued", flags(QR | AA | 0x2800)


def stale():
    yield "nxdomain", "stale", of_type(16, rcode(3, authoritative=True))
    yield "no-data", "stale", of_type(16, instead())
    yield "another-value", "stale", of_type(16, instead(txt(OTHER)))
    yield "many-other-values", "stale", of_type(16, instead(*[txt(b"%043d" % i) for i in range(300)]))
    yield "empty-value", "stale", of_type(16, instead(txt(b"")))
    yield "other-case", "stale", of_type(16, rewritten(lambda v: [txt(v.swapcase())]))
    yield "one-character-more", "stale", of_type(16, rewritten(lambda v: [txt(v + b"A")]))
    yield "one-character-less", "stale", of_type(16, rewritten(lambda v: [txt(v[:-1])]))
    yield "quoted", "stale", of_type(16, rewritten(lambda v: [txt(b'"' + v + b'"')]))
    yield "a-space-behind", "stale", of_type(16, rewritten(lambda v: [txt(v + b" ")]))
    yield "a-nul-behind", "stale", of_type(16, rewritten(lambda v: [txt(v + b"\0")]))
    yield "at-another-owner", "stale", of_type(16, rewritten(lambda v: [record(b"\x2b" + v, owner=name("other.dead.test"))]))
    yield "in-another-type", "stale", of_type(16, rewritten(lambda v: [record(b"\x2b" + v, kind=99)]))
    yield "in-authority", "stale", lambda q, a, t: [made(q, authority=[txt(value_in(a))]) if value_in(a) and question_type(q) == 16
                                                     else a if question_type(q) != 16 else made(q)]


def good():
    yield "value-in-pieces", "issued", rewritten(lambda v: [txt(v[:20], v[20:])])
    yield "value-among-others", "issued", rewritten(lambda v: [txt(OTHER), txt(v), txt(b"v=spf1 -all")])
    yield "value-twice", "issued", rewritten(lambda v: [txt(v), txt(v)])
    yield "ttl-huge", "issued", rewritten(lambda v: [record(b"\x2b" + v, ttl=0xffffffff)])
    yield "owner-written-out", "issued", octets(lambda q, a: a)
    yield "answer-twice", "issued", lambda q, a, t: [a] if t else [a, a]
    yield "wrong-id-first", "issued", udp_only(lambda q, a, t: [header(a, ident=(q[0] * 256 + q[1]) ^ 1), a])
    yield "garbage-first", "issued", udp_only(lambda q, a, t: [os.urandom(60), a])
    yield "flood-first", "issued", udp_only(lambda q, a, t: [os.urandom(40)] * 200 + [a])
    yield "forged-value-first", "issued", udp_only(lambda q, a, t: [header(made(q, txt(OTHER)), ident=(q[0] * 256 + q[1]) ^ 7), a])
    yield "octets-behind", "either", octets(lambda q, a: a + b"\0" * 30)


def garbled():
    yield "wrong-id", "issued", octets(lambda q, a: header(a, ident=(q[0] * 256 + q[1]) ^ 1))
    yield "another-question", "issued", octets(lambda q, a: a[:12] + bytes([a[12]]) + b"z" * (a[12]) + a[13 + a[12]:])
    yield "another-question-type", "issued", octets(lambda q, a: a[:question_end(q) - 4] + b"\0\x01" + a[question_end(q) - 2:])
    yield "no-question", "either", octets(lambda q, a: header(a[:12], counts=(0, 0, 0, 0)))
    yield "counts-lie", "issued", octets(lambda q, a: header(a, counts=(1, 65535, 65535, 65535)))
    yield "no-counts", "either", octets(lambda q, a: header(a, counts=(1, 0, 0, 0)))
    yield "pointer-to-itself", "issued", octets(lambda q, a: made(q, bytes([0xc0, question_end(q)]) + b"\0\x10\0\1\0\0\0\1\0\1x"))
    yield "pointer-past-the-end", "issued", octets(lambda q, a: made(q, b"\xff\xff\0\x10\0\1\0\0\0\1\0\1x"))
    yield "rdata-past-the-end", "issued", octets(lambda q, a: made(q, b"\xc0\x0c\0\x10\0\1\0\0\0\1\xff\xffx"))
    yield "string-past-rdata", "either", instead(record(b"\xffabc"))
    yield "label-of-64", "issued", octets(lambda q, a: made(q, b"\x40" + b"a" * 64 + b"\0\0\x10\0\1\0\0\0\1\0\1x"))
    yield "name-of-300", "issued", octets(lambda q, a: made(q, b"\x3f" + (b"a" * 63 + b"\x3f") * 5 + b"\0\0\x10\0\1\0\0\0\1\0\1x"))
    yield "random", "issued", octets(lambda q, a: os.urandom(200))
    yield "random-after-the-question", "either", octets(lambda q, a: a[:question_end(q)] + os.urandom(100))
    yield "lower-case-only", "issued", octets(lambda q, a: a[:12] + a[12:question_end(q) - 4].lower() + a[question_end(q) - 4:])


def links():
    yield "cname-to-itself", "either", instead(record(b"\xc0\x0c", kind=5))
    yield "cname-elsewhere", "either", instead(record(name("x.val.test"), kind=5))
    yield "cname-chain", "either", instead(*[record(name(f"c{i + 1}.dead.test"), kind=5, owner=name(f"c{i}.dead.test")) for i in range(100)])
    yield "dname-above", "either", instead(record(name("z001.test"), kind=39, owner=name("dead.test")))
    yield "referral-up", "either", instead(flags=QR, authority=[record(name("ns.evil.test"), kind=2, owner=b"\0")])
    yield "referral-to-itself", "either", instead(flags=QR, authority=[record(name("ns.dead.test"), kind=2, owner=name("dead.test"))])
    yield "referral-below", "either", instead(flags=QR, authority=[record(name("ns.evil.test"), kind=2)])
    yield "referral-to-100", "either", instead(flags=QR, authority=[record(name(f"n{i}.evil.test"), kind=2) for i in range(100)])
    yield "500-records", "either", instead(*[record(os.urandom(20), kind=1) for _ in range(500)])


BEHAVIOURS = [b for source in (refusals, truncations, stale, good, garbled, links) for b in source()]


def openssl(*words):
    return subprocess.run(["openssl", *words], capture_output=True, check=True).stdout


def wrong_pair(state, host):
    live = f"{state}/certs/{host}/live"
    if not os.path.lexists(live):
        return ""
    if ("DNS:" + host) not in openssl("x509", "-in", live + "/cert.pem", "-noout", "-ext", "subjectAltName").decode():
        return "other names"
    if openssl("x509", "-in", live + "/cert.pem", "-noout", "-pubkey") != openssl("pkey", "-in", live + "/privkey.pem", "-pubout"):
        return "another key"
    return None


def txt_left(host):
    found = subprocess.run(["dig", "+short", "+norec", "@" + os.environ["LAB_BIND"], "_acme-challenge." + host, "TXT"],
                           capture_output=True, text=True).stdout
    return '"' in found


def judge(number, server):
    what, want, _ = BEHAVIOURS[number]
    host = f"h{number}.dead.test"
    state = f"{LAB}/hostile-dns/{number}"
    command = [INST + "/bin/dnsproof", "issue", host, "--ca", os.environ["LAB_CA"], "--ca-bundle", os.environ["LAB_CA_BUNDLE"],
               "--agree-tos", "--dns", "rfc2136", "--set", "server=" + os.environ["LAB_BIND"], "--set",
               "key=file:" + os.environ["LAB_TSIG_KEY"], "--resolver", os.environ["LAB_RESOLVER"], "--state", state,
               "--timeout", str(TIMEOUT)]
    began, bad = time.monotonic(), []
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=LIMIT)
        code, said = done.returncode, done.stdout.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as e:
        code, said = None, (e.output or b"").decode("utf-8", "replace")
        bad.append(f"no end within {LIMIT} s")
    seconds = time.monotonic() - began
    pair = wrong_pair(state, host)
    if code not in (None, 0, 1, 2, 5):
        bad.append(f"exit code {code}")
    if "signal " in said or "Sanitizer" in said:
        bad.append("a program crashed")
    if any(ord(c) < 32 and c != "\n" for c in said):
        bad.append("a control character was printed")
    if pair:
        bad.append("a wrong pair: " + pair)
    if (pair is None) != (code in (0, 5)) and code is not None:
        bad.append(f"exit code {code}, published: {pair is None}")
    if not server.hits.get(f"h{number}"):
        bad.append("the behaviour was never met")
    # The CA's own resolver may have asked the bent server: its refusal is no fault of ours.
    if want == "issued" and pair is not None and "the CA refused" not in said:
        bad.append("not issued")
    if want == "stale" and pair is None:
        bad.append("issued though a server lacked the value")
    if want == "stale" and "validat" in said.lower() and "lack" not in said.lower():
        bad.append("the CA was asked to validate")
    if txt_left(host):
        subprocess.run([INST + "/bin/dnsproof", "clean", "--state", state], capture_output=True, timeout=LIMIT)
        bad.append("TXT left, even after clean" if txt_left(host) else "TXT left until clean")
    return what, seconds, bad, said


def main():
    words = sys.argv[1:]
    verbose = "-v" in words
    wanted = [w for w in words if w != "-v"]

    def behaviour_of(labels):
        for label in labels:
            if label.startswith("h") and label[1:].isdigit() and int(label[1:]) < len(BEHAVIOURS):
                return BEHAVIOURS[int(label[1:])][2]
        return None
    server = BentDNS("127.0.9.9", os.environ["LAB_BIND"], behaviour_of)
    chosen = [i for i, b in enumerate(BEHAVIOURS) if not wanted or any(w in b[0] for w in wanted)]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for what, seconds, bad, said in pool.map(lambda i: judge(i, server), chosen):
            failed += bool(bad)
            if verbose or bad:
                print("".join(f"# {line[:300]}\n" for line in said.splitlines()[-8:]), end="")
            print(("not ok" if bad else "ok") + f" - hostile DNS: {what} ({seconds:.1f} s)" + (": " + "; ".join(bad) if bad else ""), flush=True)
    print(f"figure: {len(chosen)} behaviours of a hostile name server, {failed} bad")
    sys.exit(1 if failed or not chosen else 0)


if __name__ == "__main__":
    main()
