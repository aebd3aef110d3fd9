#!/bin/bash
# What dig says of the responder: letter case, EDNS, TC and TCP, NODATA, NXDOMAIN, pipelining, limits, and who may not have what.
. "$(dirname "$0")/functions.sh"

responder=$DNSPROOF_INST/libexec/dnsproof/dnsproof-responder
sock=$LAB_DIR/sa.sock
"$responder" --ns ns.sa.test --zone sa.test --address 192.0.2.1 --address 2001:db8::1 --listen "$LAB_SA" --listen ::1 --socket "$sock" \
	--connections 20 --idle 1 &
until_true 10 sh -c "dig +short @$LAB_SA sa.test SOA | grep -q ns.sa"
try() {
	"$DNSPROOF_INST/bin/dnsproof-provider" --try standalone --set ns=ns.sa.test --set "socket=$sock" "$@" >/dev/null
}
try add sa.test _acme-challenge.h.sa.test "$(printf '%043d' 1)"
try add sa.test _acme-challenge.h.sa.test "$(printf '%043d' 2)"
for i in $(seq 30); do
	try add sa.test _acme-challenge.many.sa.test "$(printf '%043d' "$i")"
done

ask() { # WANTED-EXTENDED-REGULAR-EXPRESSION DIG-ARGUMENT...
	local want=$1 said
	shift
	said=$(dig +norec +tries=1 +time=2 "@$LAB_SA" "$@" | tr '\n\t' '  ') || true
	[[ $said =~ $want ]] || fail "dig $*: not '$want': $said"
}
ask 'status: NOERROR.*flags: qr aa;.*ANSWER: 1.*ns.sa.test. hostmaster.sa.test' sa.test SOA
ask 'ANSWER: 1.*ADDITIONAL: 3.*ns.sa.test. +300 +IN +A +192.0.2.1' sa.test NS
ask 'status: NOERROR.*ANSWER: 2' _acme-challenge.h.sa.test TXT
ask '_AcMe-ChAlLeNgE.H.sA.tEsT. +60' _AcMe-ChAlLeNgE.H.sA.tEsT TXT
ask 'status: NOERROR.*ANSWER: 0, AUTHORITY: 1.*AUTHORITY SECTION: +sa.test. +0 +IN +SOA' h.sa.test TXT
ask 'status: NXDOMAIN.*ANSWER: 0, AUTHORITY: 1.*AUTHORITY SECTION: +sa.test. +0 +IN +SOA' nothing.sa.test TXT
ask 'status: REFUSED.*flags: qr;.*ANSWER: 0, AUTHORITY: 0' www.example.com A
ask 'status: REFUSED' version.bind CH TXT
ask 'status: NOTIMP' +opcode=UPDATE sa.test
ask 'status: BADVERS.*EDNS: version: 0' +edns=7 +noednsneg sa.test SOA
ask 'ANSWER: 1.*"RFC8482"' _acme-challenge.many.sa.test ANY +notcp
ask 'flags: qr aa tc;.*ANSWER: 0' +ignore _acme-challenge.many.sa.test TXT
ask 'flags: qr aa;.*ANSWER: 30' _acme-challenge.many.sa.test TXT
ask 'flags: qr aa;.*ANSWER: 30' +tcp _acme-challenge.many.sa.test TXT
ask 'flags: qr aa;.*ANSWER: 2,.*ADDITIONAL: 0' +noedns _acme-challenge.h.sa.test TXT
ask 'flags: qr aa;.*ANSWER: 2' +cookie +nsid +subnet=192.0.2.0/24 +dnssec _acme-challenge.h.sa.test TXT
ask 'ransfer failed|status: REFUSED' sa.test AXFR
dig +norec +tries=1 +time=2 @::1 ns.sa.test AAAA +short | grep -q '^2001:db8::1$' || fail "nothing by IPv6"
dig +keepopen +tcp +norec "@$LAB_SA" sa.test SOA sa.test NS ns.sa.test A | grep -c 'status: NOERROR' | grep -qx 3 || fail "three on one connection"

# By TCP: many questions in one piece, slow ones, more connections than there may be, a message that is none.
python3 - "$LAB_SA" <<-'END'
	import socket, struct, sys, time
	def question(i, name=b"\x0f_acme-challenge\x01h\x02sa\x04test\0"):
	    m = struct.pack(">6H", i, 0, 1, 0, 0, 0) + name + b"\0\x10\0\1"
	    return struct.pack(">H", len(m)) + m
	def connect():
	    return socket.create_connection((sys.argv[1], 53), timeout=5)
	def exactly(s, n):
	    got = b""
	    while len(got) < n:
	        more = s.recv(n - len(got))
	        if not more: raise EOFError
	        got += more
	    return got
	def answer(s):
	    return exactly(s, struct.unpack(">H", exactly(s, 2))[0])
	s = connect()
	s.sendall(b"".join(question(i) for i in range(2000)))
	for i in range(2000):
	    a = answer(s)
	    assert struct.unpack(">H", a[:2])[0] == i and a[7] == 2, i
	s = connect()
	for octet in question(7): s.sendall(bytes([octet]))
	assert answer(s)[:2] == b"\0\7"
	began = time.time()
	s.sendall(b"\0\x20abc")
	assert s.recv(1) == b"" and 0.5 < time.time() - began < 4, "a slow one is ended"
	for junk in (b"\xff\xff" + b"x" * 9000, b"\0\0", b"\0\4abcd", question(1)[:2] + b"\0\0\x80" + question(1)[5:]):
	    s = connect(); s.sendall(junk)
	    try: assert s.recv(1) == b"", junk[:4]
	    except ConnectionResetError: pass
	crowd = [connect() for i in range(100)]
	s = connect(); s.sendall(question(9)); assert answer(s)[:2] == b"\0\x09"
	alive = 0
	for c in crowd:
	    c.settimeout(0.05)
	    try: alive += c.recv(1) != b""
	    except TimeoutError: alive += 1
	    except ConnectionResetError: pass
	assert alive <= 20, alive
END

# Over the rate one is told to ask by TCP, and gets everything there.
ask 'ANSWER: 2' _acme-challenge.h.sa.test TXT
[ "$(stat -c %a "$sock")" = 660 ] || fail "the socket's mode is $(stat -c %a "$sock")"
kill %1
wait %1 || true
"$responder" --ns ns.sa.test --zone sa.test --address 192.0.2.1 --listen "$LAB_SA" --rate 1 &
until_true 10 sh -c "dig +short @$LAB_SA sa.test SOA | grep -q ns.sa"
limited=0
for i in 1 2 3 4 5 6; do
	if dig +norec +ignore "@$LAB_SA" sa.test SOA | grep -q 'flags: qr tc;'; then limited=$((limited + 1)); fi
	[ "$(dig +norec +short "@$LAB_SA" sa.test SOA | wc -l)" = 1 ] || fail "not even by TCP"
done
[ $limited -ge 3 ] || fail "the rate is no limit: $limited of 6"
kill %1

# The port of root, asked for by somebody else.
if setpriv --help >/dev/null 2>&1; then
	rc=0
	setpriv --no-new-privs --bounding-set=-net_bind_service --inh-caps=-net_bind_service \
		"$responder" --ns a.test --listen "$LAB_SA" >"$out" 2>&1 || rc=$?
	[ $rc != 2 ] || said "as root" "dnsproof-responder.socket" "ip_unprivileged_port_start" "redirect"
	[ $rc = 2 ] || fail "exit status $rc: $(cat "$out")"
fi
