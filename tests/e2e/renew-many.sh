#!/bin/bash
# Many certificates in one run: an order each, no TXT left, the changes of a zone go together, memory stays small; the engine killed again
# and again: the same certificates, and no order is wasted but those whose answer was lost. (FULL=1: 1,000 of them.)
# needs: hooks
# minutes: 8
# lab: PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=0
. "$(dirname "$0")/functions.sh"

n=40
[ -z "$full" ] || n=1000
conf=$LAB_DIR/conf
mkdir "$conf"
cat >"$conf/dnsproof.yaml" <<Y
defaults: {ca: lab, resolver: '$LAB_RESOLVER'}
ca: {lab: {directory: '$LAB_CA', ca_bundle: $LAB_CA_BUNDLE, agree_tos: yes}}
dns: {bind: {provider: rfc2136, set: {server: $LAB_BIND, key: 'file:$LAB_TSIG_KEY'}}}
lists: [{file: $conf/list, max_change: 100%}]
Y
renew() {
	"$dnsproof" renew -q --config "$conf" --state "$state"
}
there() {
	find "$state/certs" -name live 2>/dev/null | wc -l
}
serial() { # each UPDATE that changes something adds 1
	dig +short +norec "@$LAB_BIND" example.test SOA | cut -d' ' -f3
}
again() { # how many were refused by the CA and tried a second time: its resolver is slow on a busy machine
	grep -c 'once more with a new order' "$out" || true
}
nothing_left() {
	local left
	left=$(sed 's/.*/_acme-challenge.& TXT/' "$conf/list" | dig +short +norec "@$LAB_BIND" -f - | grep -c '^"') || true
	[ "$left" = 0 ] || fail "$left TXT values left"
}

# Names of one zone.
for ((i = 0; i < n; i++)); do echo "n$i.example.test"; done >"$conf/list"
changes=$(serial)
expect 0 renew
changes=$(($(serial) - changes))
[ "$(there) $(orders)" = "$n $((n + $(again)))" ] || fail "$(there) certificates by $(orders) orders"
figure "$changes UPDATE messages for $((2 * n)) changes of a zone"
[ $changes -lt $((n + $(again))) ] || fail "$changes UPDATE messages for $((2 * n)) changes: they did not go together"
nothing_left

# Names in twenty zones, and the engine killed between what it has written and what it does.
for ((i = 0; i < n; i++)); do printf 'n%d.z%03d.test\n' $i $((i % 20 + 1)); done >"$conf/list"
state=$LAB_DIR/killed
made=$(orders)
kills=0
refused=0
for point in neworder challenge finalize; do
	stopped() { DNSPROOF_STOP=$point renew; }
	expect 0,1,5,70 stopped
	no_process_left
	kills=$((kills + 1)) refused=$((refused + $(again)))
done
expect 0,5 renew # a value that a killed host was at is owed for a minute
[ "$(there)" = "$n" ] || fail "$(there) certificates"
refused=$((refused + $(again)))
wasted=$(($(orders) - made - n - refused))
figure "$wasted orders more than certificates after $kills kills"
[ $wasted -le $((8 * kills)) ] || fail "$wasted orders more than certificates after $kills kills"
expect 0,5 clean
nothing_left
expect 0,5 renew
[ "$(orders)" = $((made + n + refused + wasted)) ] || fail "an order though all are there"
