#!/bin/bash
# backup_ca: after three failures of its CA the certificate is ordered from another, once; then its own has its turn again.
# (The first CA is a second Pebble, which takes no account while it wants a binding.)
# lab: PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=0
. "$(dirname "$0")/functions.sh"

first=https://$LAB_STAGING_IP:14000/dir
first_is() { # true|false: (re)starts the first CA, which wants a binding or none
	[ ! -e "$LAB_DIR/run/staging.pid" ] || kill "$(cat "$LAB_DIR/run/staging.pid")"
	sed "s/$LAB_PEBBLE_IP/$LAB_STAGING_IP/; s/\(BindingRequired\": \)false/\1$1/" "$LAB_DIR/pebble/config.json" \
		>"$LAB_DIR/pebble/staging.json"
	PEBBLE_VA_NOSLEEP=1 PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=0 "${LAB_PEBBLE:-pebble}" \
		-config "$LAB_DIR/pebble/staging.json" -dnsserver "$LAB_RESOLVER" -strict >>"$LAB_DIR/log/staging.log" 2>&1 &
	echo $! >"$LAB_DIR/run/staging.pid"
	until_true 20 curl -s --cacert "$LAB_CA_BUNDLE" "https://$LAB_STAGING_IP:14000/" -o "$LAB_DIR/ready" ||
		fail "the second Pebble does not start"
}
first_orders() {
	grep -c 'Added order ' "$LAB_DIR/log/staging.log" || true
}
issuer() { # ID
	jq -r .directory "$state/certs/$1/live/meta.json"
}
conf=$LAB_DIR/conf
mkdir "$conf"
cat >"$conf/dnsproof.yaml" <<Y
defaults: {ca: first, backup_ca: second, resolver: '$LAB_RESOLVER'}
ca:
  first: {directory: '$first', ca_bundle: $LAB_CA_BUNDLE, agree_tos: yes}
  second: {directory: '$LAB_CA', ca_bundle: $LAB_CA_BUNDLE, agree_tos: yes}
dns:
  bind: {provider: rfc2136, set: {server: $LAB_BIND, key: 'file:$LAB_TSIG_KEY'}}
certificates:
  example.test:
Y
renew() {
	"$dnsproof" renew "$@" --config "$conf" --state "$state"
}
shows() { # COMMAND EXPRESSION: of the JSON of status or plan
	"$dnsproof" "$1" --json --config "$conf" --state "$state" | jq -e ".certificates[0] | $2" >"$LAB_DIR/jq" ||
		fail "$1: $2: $("$dnsproof" "$1" --json --config "$conf" --state "$state")"
}

first_is true
for _ in 1 2 3; do
	shows plan '.next_ca == "first"'
	expect 1,2 renew --retry
	not_said 'backup_ca'
done
[ "$(orders) $(first_orders) $(accounts)" = '0 0 0' ] || fail "$(orders) orders, $(accounts) accounts"
shows plan '.next_ca == "second"'
expect 0 renew
said 'example.test: CA account first has failed 3 times in a row; ordering from its backup_ca second' 'certificate published'
[ "$(orders) $(first_orders)" = '1 0' ] || fail "$(orders) and $(first_orders) orders"
[ "$(issuer example.test)" = "$LAB_CA" ] || fail "issued by $(issuer example.test)"
check_pair example.test example.test

# It is as good as any, and its renewal begins with the first.
expect 0 renew
[ ! -s "$out" ] || fail "not silent"
shows status '[.ca, .issued_by, .next_ca, .state, .failure] == ["first", "second", "first", "ok", null]'
"$dnsproof" status --config "$conf" --state "$state" | grep -q 'second (backup)' || fail "status does not tell the backup"
first_is false
expect 0 renew --force example.test
[ "$(orders) $(first_orders)" = '1 1' ] || fail "$(orders) and $(first_orders) orders"
[ "$(issuer example.test)" = "$first" ] || fail "issued by $(issuer example.test)"
shows status '.issued_by == "first"'

# By the options of issue, which renew goes on with.
first_is true
own() {
	"$dnsproof" issue z001.test "${bind[@]}" --ca "$first" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos --resolver "$LAB_RESOLVER" \
		--state "$state" "$@"
}
expect 2 own --backup-ca "$first"
said "--backup-ca $first: it is the certificate's first CA"
expect 2 own --backup-ca nosuch
said '--backup-ca nosuch: type letsencrypt'
for _ in 1 2 3; do expect 1,2 own --backup-ca "$LAB_CA"; done
expect 0 own --backup-ca "$LAB_CA"
said 'has failed 3 times in a row; ordering from its backup_ca'
[ "$(orders)" = 2 ] || fail "$(orders) orders"
expect 0 "$dnsproof" renew z001.test --state "$state"
said 'z001.test: already have a certificate'
expect 0 "$dnsproof" config export z001.test --state "$state" --config "$conf"
said "backup_ca: .*14000" "directory: .*$LAB_CA"
no_leftover example.test z001.test
