#!/bin/bash
# Longer chains, alternates, other roots: the default chain is taken whole, another where it is preferred.
# lab: PEBBLE_ALTERNATE_ROOTS=2 PEBBLE_CHAIN_LENGTH=3 PEBBLE_WFE_ORDERS_PER_PAGE=1
# sanitized
. "$(dirname "$0")/functions.sh"

expect 0 issue example.test '*.example.test' "${bind[@]}"
check_pair example.test example.test '*.example.test'
[ "$(grep -c BEGIN "$state/certs/example.test/live/chain.pem")" = 3 ] || fail "the chain has $(grep -c BEGIN "$state/certs/example.test/live/chain.pem") certificates"

# One that is preferred, by who issued its last certificate; one that the CA has not.
top() { # the issuer of the last certificate of the chain
	awk '/BEGIN/ { text = "" } { text = text $0 "\n" } END { printf "%s", text }' "$state/certs/example.test/live/chain.pem" |
		openssl x509 -noout -issuer -nameopt multiline | sed -n 's/^ *commonName *= //p'
}
root() { curl -sf --cacert "$LAB_CA_BUNDLE" "$LAB_CA_MGMT/roots/$1" | openssl x509 -noout -subject -nameopt multiline | sed -n 's/^ *commonName *= //p'; }
[ "$(top)" = "$(root 0)" ] || fail "the usual chain: $(top)"
expect 0 issue example.test '*.example.test' --force --preferred-chain "$(root 2)" "${bind[@]}"
[ "$(top)" = "$(root 2)" ] || fail "$(top) is not $(root 2)"
curl -sf --cacert "$LAB_CA_BUNDLE" "$LAB_CA_MGMT/roots/2" >"$LAB_DIR/root2.pem"
live=$state/certs/example.test/live
openssl verify -CAfile "$LAB_DIR/root2.pem" -untrusted "$live/chain.pem" "$live/cert.pem" || fail "the chain is wrong"
expect 0 issue example.test '*.example.test' --force --preferred-chain 'No Such Root'
said 'the CA has no chain "No Such Root"'
[ "$(top)" = "$(root 0)" ] || fail "the usual chain: $(top)"
