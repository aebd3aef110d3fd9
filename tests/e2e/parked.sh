#!/bin/bash
# park_after: a certificate that was never had, and whose name is not registered, is left alone; status shows it, the run is
# well, and --retry tries it.
# lab: PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=0
. "$(dirname "$0")/functions.sh"

conf=$LAB_DIR/conf
mkdir "$conf"
cat >"$conf/dnsproof.yaml" <<Y
defaults: {ca: lab, resolver: '$LAB_RESOLVER', park_after: 1d}
ca:
  lab: {directory: '$LAB_CA', ca_bundle: $LAB_CA_BUNDLE, agree_tos: yes}
dns:
  bind: {provider: rfc2136, set: {server: $LAB_BIND, key: 'file:$LAB_TSIG_KEY'}, zone: example.test}
certificates:
  example.test:
  nosuch-zone.test:
Y
renew() {
	"$dnsproof" renew "$@" --config "$conf" --state "$state"
}
do_it() {
	"$dnsproof" "$@" --config "$conf" --state "$state"
}
later() { # SECONDS: as if what is known of the failures were older
	python3 -c 'import sqlite3, sys
d = sqlite3.connect(sys.argv[1])
d.execute("UPDATE backoff SET not_before=not_before-?", [sys.argv[2]])
d.commit()' "$state/state.db" "$1"
}

expect 1 renew
said 'nosuch-zone.test: .*no DNS account serves zone test' 'example.test: certificate published'
later 86000
expect 0,1 renew
not_said 'parked'
later 3600
made=$(orders)
expect 0 renew
said 'nosuch-zone.test: .*no DNS account serves zone test' 'parked: its names have failed since .*; they are looked at again after .*renew --retry nosuch-zone.test'
expect 0 renew
[ ! -s "$out" ] || fail "not silent"
expect 0 renew nosuch-zone.test
said 'nosuch-zone.test: parked'
expect 0 do_it status
said 'nosuch-zone.test +parked ' 'parked: its names are looked at once a week'
expect 0 do_it status --check
said '^OK: .* parked=1 '
expect 0 do_it plan
not_said 'nosuch-zone.test '
expect 2 renew --retry nosuch-zone.test
said 'nosuch-zone.test: .*no DNS account serves zone test'
[ "$(orders)" = "$made" ] || fail "$(orders) orders"
