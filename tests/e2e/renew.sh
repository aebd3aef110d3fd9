#!/bin/bash
# `renew` over everything that `issue` remembered: one run, silent when nothing is due, one bad certificate stops no other.
# lab: PEBBLE_AUTHZREUSE=0
# sanitized
. "$(dirname "$0")/functions.sh"

renew() {
	"$dnsproof" renew --state "$state" "$@"
}
due() { # ID...: their certificates are gone
	local id
	for id; do rm -r "$state/certs/$id"; done
}

expect 2 renew
said 'there is no state folder'
for name in example.test z001.test z002.test; do expect 0 issue "$name" "${bind[@]}"; done
expect 0 issue web.test "${pdns[@]}" --cname-target web.val.test
before=$(orders)

expect 0 renew
[ ! -s "$out" ] || fail "not silent"
expect 0 renew z001.test
said 'z001.test: already have a certificate'
expect 2 renew --force
said '--force replaces .*dnsproof renew --force ID'
expect 2 renew nosuch.test
said 'no certificate has the ID or name nosuch.test'
expect 2 renew --dns cloudflare
said 'no certificate uses the DNS account cloudflare'
expect 0 renew --expiring 1h --force
[ "$(orders)" = "$before" ] || fail "orders were made though nothing was due"

# All that is due in one run; a damaged certificate is told, and the others go on.
due z001.test z002.test web.test
echo '{"names":1}' >"$state/issued/bad.test.json"
expect 1 renew
said 'bad.test.json is damaged' 'z001.test: certificate published' 'z002.test: certificate published' 'web.test: certificate published'
not_said 'example.test: '
[ "$(orders)" = $((before + 3)) ] || fail "$(orders) orders"
for name in z001.test z002.test web.test; do check_pair "$name" "$name"; done
expect 1 renew -q
rm "$state/issued/bad.test.json"

# A DNS account that is gone, a secret that cannot be opened: only where they are needed.
account=$(sed -n 's/.*"dns": *\["\([^"]*\)".*/\1/p' <(tr -d '\n ' <"$state/issued/web.test.json" | sed 's/":/": /g'))
mv "$state/dns/$account.json" "$LAB_DIR/"
expect 0 renew -q
[ ! -s "$out" ] || fail "not silent"
due web.test z002.test
expect 1 renew
said "web.test: its DNS account $account is not remembered any more; type dnsproof issue --id web.test" 'z002.test: certificate published'
expect 2 renew
said 'web.test: its DNS account'
mv "$LAB_DIR/$account.json" "$state/dns/"
mv "$LAB_VAL_KEY" "$LAB_VAL_KEY.away"
due example.test
expect 1 renew
said 'web.test: .*val' 'example.test: certificate published'
mv "$LAB_VAL_KEY.away" "$LAB_VAL_KEY"
expect 0 renew
said 'web.test: certificate published'
check_pair web.test web.test

# What failed rests until a person tries it, or has mended it; the run is silent and well.
mv "$LAB_VAL_KEY" "$LAB_VAL_KEY.away"
due web.test
before=$(orders)
expect 2 renew
said 'web.test: .*val' 'web.test: not tried again before .* UTC unless .*dnsproof renew --retry web.test tries it at once'
expect 0 renew
[ ! -s "$out" ] || fail "not silent"
expect 0 renew web.test
said 'web.test: resting until .* UTC after 1 failure; dnsproof renew --retry web.test'
expect 2 renew --retry
said 'web.test: .*val'
expect 0 renew
mv "$LAB_VAL_KEY.away" "$LAB_VAL_KEY"
[ "$(orders)" = "$before" ] || fail "orders were made"
expect 0 renew
said 'web.test: certificate published'

# WHICH: a glob, a name, an account.
before=$(orders)
expect 0 renew 'z00*' --force
[ "$(orders)" = $((before + 2)) ] || fail "$(orders) orders"
expect 0 renew --dns "$account" --force --json
[ "$(orders)" = $((before + 3)) ] || fail "$(orders) orders"

# Another run that works on one: skipped, or waited for where it was named.
issue z001.test --force --settle 8 "${bind[@]}" >"$LAB_DIR/out1" 2>&1 </dev/null &
one=$!
until_true 20 grep -q 'TXT record added' "$LAB_DIR/out1" || fail "the first run: $(cat "$LAB_DIR/out1")"
expect 0 renew
expect 4 renew z001.test --force
said 'another dnsproof run .* is working on it'
wait $one || fail "first: $(cat "$LAB_DIR/out1")"
no_leftover example.test z001.test z002.test
no_txt "$LAB_PDNS" web.val.test
