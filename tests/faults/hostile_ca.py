#!/usr/bin/python3
"""Behaviours of a hostile or unwell CA against the installed programs: tests/faults/hostile_ca.py [-v] [NAME...]

To be run inside the lab (tests/lab/run). Each behaviour gets a state folder and a name of its own. Whatever the CA does: no run
is killed or hangs, what is published is right, no TXT record is left, no second account and no more orders than the
behaviour excuses. `issued` and `refused` say besides what must come of it; `either` leaves that open; `waits`: the order never
comes to an end at the CA, and a SIGINT ends the run; `held`: the CA asks to come back later than a run could wait, and no request
reaches it from the runs of `renew` that follow.
"""
import concurrent.futures
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import time

from bent_ca import Answer, BentCA, Behaviour

LAB = os.environ["LAB_DIR"]
INST = os.environ["DNSPROOF_INST"]
LANES = [("127.0.4.%d" % (9 + i), 14000) for i in range(5)]  # a proxy each; one behaviour at a time in each
BUNDLE = LAB + "/bent.pem"
PATIENCE = 20  # seconds until somebody presses Ctrl-C where the CA never comes to an end
LIMIT = 90  # seconds a run may take; nothing here asks a CA's client to wait longer
ALL = ["directory", "nonce", "account", "neworder", "authz", "challenge", "finalize", "order", "certificate"]
SIGNED = ALL[2:]
OBJECTS = ["directory", "account", "neworder", "authz", "challenge", "finalize", "order"]
FOREIGN = "https://evil.example/acme/1"


def problem(status, kind, detail, **fields):
    def before(proxy, endpoint):
        headers = [("Content-Type", "application/problem+json")]
        headers += [(k.replace("_", "-"), v) for k, v in fields.items()]
        headers.append(("Replay-Nonce", proxy.fresh_nonce()))
        document = {"type": "urn:ietf:params:acme:error:" + kind, "detail": detail, "status": status}
        return Answer(endpoint, status, headers, json.dumps(document).encode())
    return before


def page(status, retry_after=None):
    fields = [("Content-Type", "text/html")] + ([("Retry-After", retry_after)] if retry_after else [])
    return lambda proxy, endpoint: Answer(endpoint, status, fields, b"<html><h1>Sorry</h1></html>")


def processing(answer):
    answer.change(lambda o: (o.update(status="processing"), o.pop("certificate", None)))
    answer.field("Retry-After", "3600")


def hang_up(proxy, endpoint):
    return None


def lose(answer):
    return False


def body(octets, content_type=None):
    def after(answer):
        answer.body = octets
        if content_type:
            answer.field("Content-Type", content_type)
    return after


def truncated(answer):
    answer.body = answer.body[:len(answer.body) // 2]


def broken_off(answer):
    answer.cut = len(answer.body) // 2


def member(**members):
    def change(o):
        for name, value in members.items():
            if value is None:
                o.pop(name, None)
            else:
                o[name] = value
    return lambda answer: answer.change(change)


def members(**values):
    """As member(), None written as null."""
    return lambda answer: answer.change(lambda o: o.update(values))


def field(name, value):
    return lambda answer: answer.field(name, value)


def many_fields(answer):
    answer.fields += [("X-Filler-%d" % i, "x" * 50) for i in range(400)]


def challenge(**members_):
    def change(o):
        for c in o.get("challenges", []):
            if c.get("type") == "dns-01":
                c.update(members_)
    return lambda answer: answer.change(change)


def more_challenges(answer):
    def change(o):
        o["challenges"] = [{"type": "device-attest-01"}, {"type": "dns-persist-01", "url": 7, "status": "odd"},
                           {"type": 4}] + o["challenges"]
    answer.change(change)


def no_dns01(answer):
    answer.change(lambda o: o.update(challenges=[c for c in o["challenges"] if c["type"] != "dns-01"]))


def another_name(answer):
    answer.change(lambda o: o["identifier"].update(value="victim.z009.test"))


def order_of_others(answer):
    answer.change(lambda o: o.update(identifiers=[{"type": "dns", "value": "victim.z009.test"}]))


def upper_case(answer):
    answer.change(lambda o: [i.update(value=i["value"].upper()) for i in o["identifiers"]])


def turned_round(answer):
    answer.change(lambda o: o.update(identifiers=o["identifiers"][::-1], authorizations=o["authorizations"][::-1]))


def twice(answer):
    answer.change(lambda o: o.update(authorizations=o["authorizations"] * 2))


def many_authorizations(answer):
    answer.change(lambda o: o.update(authorizations=[o["authorizations"][0] + str(i) for i in range(5000)]))


def openssl(*words, given=None):
    return subprocess.run(["openssl", *words], input=given, capture_output=True, check=True).stdout


def other_leaf(names="DNS:other.z009.test", days="30"):
    folder = tempfile.mkdtemp(dir=LAB)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", days, "-subj",
            "/CN=x", "-addext", "subjectAltName=" + names, "-keyout", folder + "/key", "-out", folder + "/cert")
    with open(folder + "/cert", "rb") as f:
        return f.read()


def chain(function):
    def after(answer):
        answer.body = function(answer.chain())
    return after


def later():
    """A CA's "later" at every endpoint is no failure: the same run goes on when it has passed."""
    kinds = [("429", problem(429, "rateLimited", "too many requests", Retry_After="1")),
             ("503", problem(503, "rateLimited", "busy; retry later")), ("502-page", page(502)), ("500-page", page(500)),
             ("hang-up", hang_up)]
    for endpoint in ALL:
        for name, before in kinds:
            yield Behaviour(f"{name}-once-{endpoint}", endpoint, "issued", before=before, times=1)
    for endpoint in SIGNED:
        yield Behaviour(f"answer-lost-{endpoint}", endpoint, "issued", after=lose, times=1)
    yield Behaviour("bad-nonce-storm", "account neworder authz challenge finalize order certificate", "issued",
                    before=problem(400, "badNonce", "stale"), times=12)
    yield Behaviour("order-not-ready-once", "finalize", "issued",
                    before=problem(403, "orderNotReady", "order is pending"), times=1)


def refusals():
    for endpoint in SIGNED:
        yield Behaviour(f"unauthorized-{endpoint}", endpoint, "refused",
                        before=problem(403, "unauthorized", "\x1b[2Jgo away\r\n" + "x" * 5000))
    yield Behaviour("rejected-identifier", "neworder", "refused", before=problem(400, "rejectedIdentifier", "policy"))
    yield Behaviour("caa", "neworder", "refused", before=problem(403, "caa", "CAA forbids"))
    yield Behaviour("wants-eab", "account", "refused", before=problem(400, "externalAccountRequired", "EAB"))
    yield Behaviour("terms", "account", "refused", before=problem(403, "userActionRequired", "new terms"))


def nonsense():
    for endpoint in OBJECTS:
        # The bodies of some are not needed; an order is polled on, so it is nonsense three times only (how long a
        # poll may go on without a change is a matter of virtual time: tests/engine/order).
        want = "either" if endpoint in ("account", "challenge", "finalize", "order") else "refused"
        times = 3 if endpoint == "order" else 10**9
        yield Behaviour(f"half-a-body-{endpoint}", endpoint, want, after=truncated, times=times)
        yield Behaviour(f"a-list-{endpoint}", endpoint, want, after=body(b"[1,2]"), times=times)
        yield Behaviour(f"deep-{endpoint}", endpoint, want, after=body(b"[" * 2000000), times=times)
    for endpoint in ("directory", "certificate"):
        yield Behaviour(f"endless-{endpoint}", endpoint, "refused", after=body(b" " * 9000000))
    yield Behaviour("endless-order", "order", "either", after=body(b" " * 9000000), times=3)
    for endpoint in ("directory", "neworder", "certificate"):
        yield Behaviour(f"broken-off-once-{endpoint}", endpoint, "issued", after=broken_off, times=1)
        yield Behaviour(f"400-fields-{endpoint}", endpoint, "either", after=many_fields)


def oddities():
    """What is odd and not needed is not judged."""
    def odd(name, endpoint, after, want="issued"):
        return Behaviour(name, endpoint, want, after=after)
    yield odd("no-meta", "directory", member(meta=None))
    yield odd("null-meta", "directory", members(meta=None))
    yield odd("odd-meta", "directory", member(meta={"termsOfService": "", "caaIdentities": 7, "profiles": []}))
    yield odd("unknown-endpoint", "directory", member(xyz="https://community.example/random"))
    yield odd("order-without-expiry", "neworder order", member(expires=None))
    yield odd("order-odd-expiry", "neworder order", member(expires="next week"))
    yield odd("authz-odd-expiry", "authz", member(expires=17))
    yield odd("upper-case-names", "neworder order finalize", upper_case)
    yield odd("other-order-of-names", "neworder", turned_round)
    yield odd("authorization-twice", "neworder", twice)
    yield odd("later-order-without-lists", "order finalize", member(identifiers=None, authorizations=None))
    yield odd("null-certificate", "neworder", members(certificate=None, error=None))
    yield odd("unknown-challenges", "authz", more_challenges)
    yield odd("no-link", "certificate", field("Link", None))
    yield odd("odd-link", "certificate", field("Link", '<ht!tp://>;rel="alternate", <' + FOREIGN + '>;rel=alternate'))
    yield odd("text-content-type", "neworder order authz", field("Content-Type", "text/plain"))
    yield odd("retry-after-negative", "order challenge authz", field("Retry-After", "-5"))
    yield odd("retry-after-words", "order challenge authz", field("Retry-After", "soon"))
    yield odd("blank-lines-in-chain", "certificate", chain(lambda c: b"\n\n".join(c)))
    yield odd("text-in-chain", "certificate", chain(lambda c: b"".join(b"subject=CN = x\n" + p for p in c)))
    yield odd("crlf-chain", "certificate", chain(lambda c: b"".join(c).replace(b"\n", b"\r\n")))
    yield odd("no-last-newline", "certificate", chain(lambda c: b"".join(c).rstrip()))
    yield odd("odd-nonce-once", "neworder", field("Replay-Nonce", "not a nonce !"))


def lies():
    def lie(name, endpoint, after, want="refused"):
        return Behaviour(name, endpoint, want, after=after)
    for url, name in ((FOREIGN, "foreign"), ("http://127.0.4.9:14000/x", "plain-http"), ("https://u:p@127.0.4.9:14000/x", "user"),
                      ("file:///etc/passwd", "file")):
        yield lie(f"neworder-url-{name}", "directory", member(newOrder=url))
        yield lie(f"authorization-{name}", "neworder", member(authorizations=[url]))
        yield lie(f"finalize-{name}", "neworder order", member(finalize=url))
        yield lie(f"challenge-{name}", "authz", challenge(url=url))
        yield lie(f"order-location-{name}", "neworder", field("Location", url), "either")
        yield lie(f"account-location-{name}", "account", field("Location", url))
        yield lie(f"certificate-{name}", "order finalize", member(certificate=url))
    for token, name in (("../../etc/passwd", "path"), ("$(id)", "shell"), ("", "empty"), ("A" * 100000, "long"), ("ab\ncd", "newline")):
        yield lie(f"token-{name}", "authz", challenge(token=token))
    yield lie("redirect-directory", "directory", lambda a: (setattr(a, "status", 302), a.field("Location", FOREIGN)) and None)
    yield lie("redirect-neworder", "neworder", lambda a: (setattr(a, "status", 307), a.field("Location", FOREIGN)) and None)
    yield lie("authz-of-others", "authz", another_name)
    yield lie("order-of-others", "neworder", order_of_others, "either")
    yield lie("no-dns01", "authz", no_dns01)
    yield lie("no-authorizations", "neworder", member(authorizations=[]), "waits")
    yield lie("5000-authorizations", "neworder", many_authorizations)
    yield lie("unknown-status", "neworder order", member(status="dreaming"))
    yield lie("valid-without-certificate", "order finalize", member(status="valid", certificate=None), "either")
    yield lie("order-invalid", "order finalize", member(status="invalid"))
    yield lie("authz-revoked", "authz", member(status="revoked"))
    yield lie("authz-said-valid", "authz", member(status="valid"), "waits")
    yield lie("another-key", "certificate", body(other_leaf()))
    yield lie("no-certificate", "certificate", body(b""))
    yield lie("garbage-pem", "certificate", body(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
    yield lie("a-key-in-the-chain", "certificate", chain(lambda c: b"".join(c) + openssl("genpkey", "-algorithm", "ed25519")), "either")
    yield lie("leaf-last", "certificate", chain(lambda c: b"".join(c[::-1])))
    yield lie("leaf-only", "certificate", chain(lambda c: c[0]), "either")
    yield lie("40-certificates", "certificate", chain(lambda c: c[0] + c[1] * 40))
    yield lie("page-for-certificate", "certificate", body(b"<html>", "text/html"))


def waits():
    """A wait that is longer than a run; by seconds, by date, by an absurd number; of the CA and of its CDN."""
    def date(seconds):
        return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + seconds))
    values = [("seconds", "1200"), ("date", date(3600)), ("huge", "1" + "0" * 18), ("9999", "Fri, 31 Dec 9999 23:59:59 GMT")]
    for i, endpoint in enumerate(ALL):
        name, value = values[i % len(values)]
        yield Behaviour(f"429-{name}-{endpoint}", endpoint, "held",
                        before=problem(429, "rateLimited", "too many requests", Retry_After=value))
        yield Behaviour(f"503-page-for-an-hour-{endpoint}", endpoint, "held", before=page(503, "3600"))
    yield Behaviour("processing-for-an-hour", "order", "held", after=processing)
    yield Behaviour("paused", "neworder", "held", before=problem(
        429, "rateLimited", "Your account is temporarily prevented from requesting certificates. Please visit: "
        "https://portal.example/sfe/v1/unpause?jwt=" + "x" * 900))
    for domain in ("z001.test", "'; DROP TABLE backoff; --", "%.test", "x" * 5000):
        yield Behaviour("429-domain-" + domain[:9].strip("';% "), "neworder", "held", before=problem(
            429, "rateLimited", f'too many certificates (50) already issued for "{domain}" in the last 168h0m0s, retry after',
            Retry_After="1200"))


BEHAVIOURS = [b for source in (later, refusals, nonsense, oddities, lies, waits) for b in source()]


def run(words, cap, patience=None):
    """Its exit status (None: it had to be killed), what it said, seconds. After `patience` seconds it gets a SIGINT."""
    began = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    for seconds, signal_number in (patience, signal.SIGINT), (cap, signal.SIGKILL):
        try:
            said = process.communicate(timeout=seconds)[0] if seconds else None
        except subprocess.TimeoutExpired:
            process.send_signal(signal_number)
            said = None
        if said is not None:
            break
    else:
        said = process.communicate()[0]
    code = process.returncode
    return None if code == -signal.SIGKILL else code, said.decode("utf-8", "replace"), time.monotonic() - began


def txt_left(name):
    found = subprocess.run(["dig", "+short", "+norec", "@" + os.environ["LAB_BIND"], "_acme-challenge." + name, "TXT"],
                           capture_output=True, text=True).stdout
    return [line for line in found.splitlines() if line.startswith('"')]


def wrong_pair(state, name):
    """None, "" when nothing is published, else what is wrong."""
    live = f"{state}/certs/{name}/live"
    if not os.path.lexists(live):
        return ""
    leaf = openssl("x509", "-in", live + "/cert.pem", "-noout", "-ext", "subjectAltName").decode()
    names = {w.strip().removeprefix("DNS:") for line in leaf.splitlines()[1:] for w in line.split(",")}
    if not {name, "*." + name} <= names:
        return f"names {names}"
    if openssl("x509", "-in", live + "/cert.pem", "-noout", "-pubkey") != openssl("pkey", "-in", live + "/privkey.pem", "-pubout"):
        return "the key is another one"
    return None


def configuration(number, name, proxy):
    folder = f"{LAB}/hostile/{number}.conf"
    os.makedirs(folder)
    with open(folder + "/dnsproof.yaml", "w") as f:
        json.dump({"defaults": {"ca": "bent", "resolver": os.environ["LAB_RESOLVER"]},
                   "ca": {"bent": {"directory": "https://%s:%d/dir" % proxy.address, "ca_bundle": BUNDLE, "agree_tos": "yes"}},
                   "dns": {"bind": {"provider": "rfc2136", "set": {"server": os.environ["LAB_BIND"],
                                                                   "key": "file:" + os.environ["LAB_TSIG_KEY"]}}},
                   "certificates": {name: {"name": [name, "*." + name]}}}, f)
    return folder


def asked_in_wait(b, command, proxy):
    """What is wrong with the runs that follow."""
    for way in ([], [], ["--retry"]) if b.name != "paused" else ([], []):
        with proxy.lock:
            proxy.requests.clear()
        code, said, _ = run(command + way, LIMIT)
        if sum(proxy.requests.values()):
            return [f"asked in the wait: {dict(proxy.requests)}"]
        if code != 0:
            return [f"exit code {code} of a run in the wait: {said[-300:]}"]
    return []


def judge(b, proxy, number, verbose):
    name = f"h{number:03}.z001.test"
    state = f"{LAB}/hostile/{number}"
    proxy.set(b)
    command = [INST + "/bin/dnsproof", "issue", name, "*." + name, "--ca", "https://%s:%d/dir" % proxy.address,
                               "--ca-bundle", BUNDLE, "--agree-tos", "--dns", "rfc2136", "--set", "server=" + os.environ["LAB_BIND"],
                               "--set", "key=file:" + os.environ["LAB_TSIG_KEY"], "--resolver", os.environ["LAB_RESOLVER"],
                               "--state", state]
    if b.want == "held":
        command = [INST + "/bin/dnsproof", "renew", "--config", configuration(number, name, proxy), "--state", state]
    code, said, seconds = run(command, LIMIT, PATIENCE if b.want == "waits" else None)
    requests, hits = dict(proxy.requests), proxy.hits
    bad = []
    pair = wrong_pair(state, name)
    if code is None:
        bad.append(f"no end within {LIMIT} s")
    elif code not in (0, 1, 2, 5) + ((-signal.SIGINT,) if b.want == "waits" else ()):
        bad.append(f"exit code {code}")
    if "signal " in said or "Sanitizer" in said:
        bad.append("a program crashed")
    if any(ord(c) < 32 and c != "\n" for c in said):
        bad.append("a control character was printed")
    if max(map(len, said.splitlines()), default=0) > 4000:
        bad.append("a line of more than 4,000 characters was printed")
    if pair:
        bad.append("a wrong pair: " + pair)
    published = pair is None
    if published != (code in (0, 5)) and code is not None:
        bad.append(f"exit code {code}, published: {published}")
    if hits == 0:
        bad.append("the behaviour was never met")
    if b.want == "issued" and not published:
        bad.append("not issued")
    if b.want in ("refused", "held") and published:
        bad.append("issued")
    if b.want == "held":
        bad += asked_in_wait(b, command, proxy)
    if requests.get("neworder", 0) > 2 + (12 if "nonce" in b.name else hits if b.endpoint == "neworder" and b.times < 5 else 0):
        bad.append(f"{requests['neworder']} newOrder requests")
    if txt_left(name):
        proxy.set(None)  # what a run could not remove, `clean` does
        run([INST + "/bin/dnsproof", "clean", "--state", state], LIMIT)
        bad.append("TXT left, even after clean" if txt_left(name) else "TXT left until clean")
    if verbose or bad:
        said = "".join(f"# {line[:300]}\n" for line in said.splitlines()[-8:])
    else:
        said = ""
    print(said + ("not ok" if bad else "ok") + f" - hostile CA: {b.name} ({seconds:.1f} s)" + (": " + "; ".join(bad) if bad else ""), flush=True)
    return not bad


def main():
    words = sys.argv[1:]
    verbose = "-v" in words
    wanted = [w for w in words if w != "-v"]
    key = LAB + "/bent.key"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=bent",
            "-addext", "subjectAltName=" + ",".join("IP:" + address for address, _ in LANES), "-keyout", key, "-out", BUNDLE)
    free = queue.SimpleQueue()
    for address in LANES:
        free.put(BentCA(address, (os.environ["LAB_PEBBLE_IP"], 14000), BUNDLE, key))
    chosen = [b for b in BEHAVIOURS if not wanted or any(w in b.name for w in wanted)]

    def in_lane(number, behaviour):
        proxy = free.get()
        try:
            return judge(behaviour, proxy, number, verbose)
        finally:
            free.put(proxy)

    with concurrent.futures.ThreadPoolExecutor(len(LANES)) as pool:
        good = sum(pool.map(in_lane, range(1, len(chosen) + 1), chosen))
    print(f"figure: {len(chosen)} behaviours of a hostile CA, {len(chosen) - good} bad")
    sys.exit(0 if good == len(chosen) > 0 else 1)


if __name__ == "__main__":
    main()
