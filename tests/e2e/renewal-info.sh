#!/bin/bash
# The CA says when to renew (RFC 9773): a window that is over, one to come, and an answer that is none.
# needs: pebble-new
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

suggest() { # ID TEXT: what the CA answers about its certificate
	jq -n --rawfile pem "$state/certs/$1/live/cert.pem" --arg text "$2" '{Certificate: $pem, ARIResponse: $text}' |
		curl -sf --cacert "$LAB_CA_BUNDLE" --data @- "$LAB_CA_MGMT/set-renewal-info/"
}
window() { # FROM TO, as date takes them
	printf '{"suggestedWindow":{"start":"%s","end":"%s"}%s}' "$(date -u -d "$1" +%FT%TZ)" "$(date -u -d "$2" +%FT%TZ)" "${3:-}"
}
questions() { grep -c 'renewalInfo/' "$LAB_DIR/log/pebble.log" || true; }
serial() { openssl x509 -in "$state/certs/$1/live/cert.pem" -noout -serial; }
renew() { "$dnsproof" renew --state "$state" "$@"; }

for name in z001.test z002.test z003.test; do expect 0 issue "$name" "${bind[@]}"; done
suggest z001.test "$(window '2 hours ago' '1 hour ago' ',"explanationURL":"https://ca.test/why"')"
suggest z002.test "$(window '10 days' '11 days')"
suggest z003.test '<html>sorry</html>'
cp -a "$state/certs/z001.test" "$LAB_DIR/kept"
before=$(orders) old=$(serial z001.test)

expect 0 renew
[ "$(questions)" = 0 ] || fail "asked before it was time, and nobody had named one"
expect 0 renew z001.test z002.test z003.test
said 'z001.test: the CA explains .*https://ca.test/why' 'z001.test: due: the CA suggests to renew it since' \
	'z001.test: certificate published' 'z002.test: already have .* as the CA suggests' 'z003.test: already have'
[ "$(orders)" = $((before + 1)) ] || fail "$(orders) orders"
[ "$(serial z001.test)" != "$old" ] || fail "not renewed"
[ "$(questions)" = 3 ] || fail "$(questions) questions"
check_pair z001.test z001.test

# None is asked again: the last one failed, so in 6 hours.
expect 0 renew z002.test z003.test
expect 0 renew
[ "$(questions)" = 3 ] || fail "$(questions) questions"
[ "$(orders)" = $((before + 1)) ] || fail "$(orders) orders"
[ "$(sqlite3 "$state/state.db" "SELECT failed, chosen, ask_after - strftime('%s','now') BETWEEN 21000 AND 21600 FROM ari WHERE cert='z003.test'")" = '1|0|1' ] ||
	fail "z003.test: $(sqlite3 "$state/state.db" "SELECT * FROM ari")"

# The CA was told which certificate was replaced: it refuses another order that says so of the same one, which is then
# made without. (Pebble answers 500 to any such order where a serial needs an octet of zero in front.)
id=$(sqlite3 "$state/state.db" "SELECT cert_id FROM ari WHERE cert='z001.test'")
rm -r "$state/certs/z001.test"
mv "$LAB_DIR/kept" "$state/certs/z001.test"
expect 0 renew z001.test --force
said 'z001.test: certificate published'
[[ $id == *.A[I-P]* ]] || said 'z001.test: the CA says that .* was replaced already: another client uses this CA account or this name'
[ "$(orders)" = $((before + 2)) ] || fail "$(orders) orders"
no_leftover z001.test z002.test z003.test
