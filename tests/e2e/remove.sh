#!/bin/bash
# dnsproof remove: a certificate ends, into the archive or for good; not while it is configured, worked on, owed or in use.
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

remove() { # ID OPTION...
	"$dnsproof" remove "$@" --state "$state"
}
killed_issue() {
	DNSPROOF_STOP=challenge issue owed.example.test "${bind[@]}"
}

expect 0 issue example.test "${bind[@]}"
expect 0 issue www.example.test "${bind[@]}"
expect 2 remove
said 'which certificate\?'
expect 2 remove nosuch.test
said 'there is no certificate nosuch.test'

# What the configuration lists it would make again.
mkdir -p "$LAB_DIR/config" "$LAB_DIR/links"
cat >"$LAB_DIR/config/dnsproof.yaml" <<EOF
defaults: {ca: lab, dns: bind, links: $LAB_DIR/links}
ca: {lab: {directory: '$LAB_CA', ca_bundle: $LAB_CA_BUNDLE, agree_tos: yes}}
dns: {bind: {provider: rfc2136, set: {server: '$LAB_BIND', key: 'file:$LAB_TSIG_KEY'}}}
certificates:
  www.example.test:
EOF
expect 2 remove www.example.test --config "$LAB_DIR/config"
said "certificate www.example.test is configured \(.*dnsproof.yaml:5\); take it out there first"

# A link of a server.
ln -s "$state/certs/example.test/live" "$LAB_DIR/links/example.test"
expect 2 remove example.test --config "$LAB_DIR/config"
said 'links/example.test leads to it; .*add --in-use'
[ -L "$state/certs/example.test/live" ] || fail "it is gone"
key=$(openssl pkey -in "$state/certs/example.test/live/privkey.pem" -pubout)
grep -q '"id":"example.test"' "$state/status.json" || fail "status.json: $(cat "$state/status.json")"
expect 0 remove example.test --config "$LAB_DIR/config" --in-use
said 'example.test: removed; its files are kept in .*/archive/example.test-'
grep -q '"id":"example.test"' "$state/status.json" && fail "status.json: $(cat "$state/status.json")"
kept=$(echo "$state"/archive/example.test-*)
[ "$(stat -c %a "$state/archive")" = 700 ] || fail "mode of the archive: $(stat -c %a "$state/archive")"
[ "$(openssl pkey -in "$kept/live/privkey.pem" -pubout)" = "$key" ] || fail "the key is not kept"
grep -q '"example.test"' "$kept/issued.json" || fail "what issue remembered is not kept"
[ ! -e "$state/issued/example.test.json" ] && [ ! -e "$state/certs/example.test" ] || fail "something is left"
before=$(orders)
expect 0 "$dnsproof" renew --state "$state"
[ "$(orders)" = "$before" ] || fail "it was renewed"
expect 2 remove example.test
said 'there is no certificate example.test'

expect 0 remove www.example.test --purge
said 'removed, with its files and keys'
[ ! -e "$state/certs/www.example.test" ] && [ ! -e "$(echo "$state"/archive/www*)" ] || fail "something is left"

# Another run works on it.
start_group issue slow.example.test "${bind[@]}" --wait-for none --settle 60
until_true 30 grep -q 'order opened' "$out" || fail "no order: $(cat "$out")"
slow=$out out=$LAB_DIR/out.remove
expect 4 remove slow.example.test
said 'another dnsproof run is working on it'
out=$slow
kill -INT -- "-$group"
wait_for "$group" 40
expect 0 remove slow.example.test

# Killed as soon as it has begun: it is not made again, and a second one ends it. Refused: it goes on as before.
expect 0 issue example.test "${bind[@]}"
mv "$state/issued/example.test.json" "$state/issued/example.test.removed"
rm "$state/certs/example.test/live"
before=$(orders)
expect 0 "$dnsproof" renew --state "$state"
[ "$(orders)" = "$before" ] || fail "it was renewed"
expect 0 remove example.test
grep -q '"example.test"' "$state"/archive/example.test-*/issued.json || fail "what issue remembered is not kept"
[ ! -e "$state/issued/example.test.removed" ] || fail "something is left"

# TXT records that a killed run left.
needs_hooks
expect 1,5,70 killed_issue
no_process_left
expect 2 remove owed.example.test
said '1 TXT record of it is still to be removed; type dnsproof clean first'
[ ! -e "$state/issued/owed.example.test.removed" ] || fail "it was not put back"
expect 0,5 clean
no_leftover owed.example.test
expect 0 remove owed.example.test
[ ! -e "$state/certs/owed.example.test" ] || fail "something is left"
