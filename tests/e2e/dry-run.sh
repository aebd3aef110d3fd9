#!/bin/bash
# renew --dry-run does everything at the CA's staging environment, publishes nothing, and changes nothing of what is real; with
# staging_try a certificate that has failed is tried there before it is ordered again. (Staging is a second Pebble.)
# lab: PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=0
. "$(dirname "$0")/functions.sh"

conf=$LAB_DIR/conf
mkdir "$conf"
staging() { # SED-SCRIPT: (re)starts the second Pebble, with its configuration bent
	[ ! -e "$LAB_DIR/run/staging.pid" ] || kill "$(cat "$LAB_DIR/run/staging.pid")"
	sed "s/$LAB_PEBBLE_IP/$LAB_STAGING_IP/; $1" "$LAB_DIR/pebble/config.json" >"$LAB_DIR/pebble/staging.json"
	PEBBLE_VA_NOSLEEP=1 PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=0 "${LAB_PEBBLE:-pebble}" \
		-config "$LAB_DIR/pebble/staging.json" -dnsserver "$LAB_RESOLVER" -strict >>"$LAB_DIR/log/staging.log" 2>&1 &
	echo $! >"$LAB_DIR/run/staging.pid"
	until_true 20 curl -s --cacert "$LAB_CA_BUNDLE" "https://$LAB_STAGING_IP:14000/" -o "$LAB_DIR/ready" ||
		fail "the second Pebble does not start"
}
staging_orders() {
	grep -c 'Added order ' "$LAB_DIR/log/staging.log" || true
}
cat >"$conf/dnsproof.yaml" <<Y
defaults: {ca: lab, resolver: '$LAB_RESOLVER'}
ca:
  lab:
    directory: '$LAB_CA'
    staging: 'https://$LAB_STAGING_IP:14000/dir'
    ca_bundle: $LAB_CA_BUNDLE
    agree_tos: yes
  lone: {directory: '$LAB_CA_NAMED', ca_bundle: $LAB_CA_BUNDLE, agree_tos: yes}
dns:
  bind: {provider: rfc2136, set: {server: $LAB_BIND, key: 'file:$LAB_TSIG_KEY'}, zone: [example.test, z001.test, z003.test]}
  valid: {provider: rfc2136, set: {server: $LAB_PDNS, key: 'file:$LAB_VAL_KEY'}, zone: val.test, cname_target: '**.val.test'}
certificates:
  example.test: {name: example.test *.example.test, dns: bind}
  z001.test: {dns: bind}
  web.test: {dns: valid}
  z003.test: {dns: bind, staging_try: yes}
  lone: {name: www.example.test, ca: lone, dns: bind}
Y
renew() {
	"$dnsproof" renew "$@" --config "$conf" --state "$state"
}
rows() { # what the state folder knows of certificates, failures and limits
	python3 -c 'import sqlite3, sys
d = sqlite3.connect(sys.argv[1])
for t in "backoff", "certificates", "ari": print(t, *sorted(d.execute(f"SELECT * FROM {t}")), sep="\n")
for r in d.execute("SELECT * FROM ledger ORDER BY 1, 2"): "lab-staging" in str(r) or print(r)
print(*d.execute("SELECT * FROM runs WHERE whole AND ended"))' "$state/state.db"
	ls -l "$state/certs"/*/live "$state"/keys/lab.pem
}
same() {
	rows | diff "$LAB_DIR/rows" - || fail "what is real has changed"
}

staging 's/blocked.test/z003.test/'

# Of each DNS account one, though nothing is there yet; then nothing is there still.
expect 0 renew --dry-run
said 'example.test: .* has issued it; the certificate is right, and is not published' 'web.test: .* has issued it'
not_said 'z001.test: |published in'
[ "$(staging_orders)" = 2 ] || fail "$(staging_orders) orders at staging"
[ "$(orders) $(accounts)" = '0 0' ] || fail "$(orders) orders of $(accounts) accounts"
[ -e "$state/keys/lab-staging.pem" ] && [ ! -e "$state/keys/lab.pem" ] || fail "keys: $(ls "$state/keys")"
[ -z "$(find "$state/certs" -type f -o -type l)" ] || fail "files: $(find "$state/certs")"
no_leftover example.test
no_txt "$LAB_PDNS" web.val.test

# Beside real ones, whether they are due or not.
expect 0 renew example.test web.test
made=$(orders)
rows >"$LAB_DIR/rows"
expect 0 renew --dry-run example.test
[ "$(staging_orders) $(orders)" = "3 $made" ] || fail "$(staging_orders) orders at staging, $(orders) at the CA"
same

# What fails there is told, and does not rest.
expect 1,2 renew --dry-run z003.test example.test
said 'z003.test: .*newOrder' 'example.test: .* has issued it'
[ "$(orders)" = "$made" ] || fail "an order at the CA"
same
no_leftover example.test z003.test

# A CA whose staging environment is not known.
expect 2 renew --dry-run lone
said 'CA account lone: no staging environment of .* is known; name it .*staging: URL'
expect 1 renew --dry-run lone example.test
said 'CA account lone: ' 'example.test: .* has issued it'
same

# Killed: the values go at the next run, and the order is nobody's.
if grep -aq DNSPROOF_STOP "$DNSPROOF_INST/libexec/dnsproof/dnsproof-engine"; then
	echo '  stopped.example.test: {dns: bind}' >>"$conf/dnsproof.yaml" # of a name validated before Pebble may want no value
	stopped() { DNSPROOF_STOP=challenge renew --dry-run stopped.example.test; }
	expect 1,5,70 stopped
	no_process_left
	[ "$(count_txt "$LAB_BIND" _acme-challenge.stopped.example.test)" = 1 ] || fail "killed where no value was"
	expect 0 clean
	no_leftover stopped.example.test
	sed -i '$d' "$conf/dnsproof.yaml"
	same
fi

# staging_try: at staging first once it has failed, and not at the CA while it fails there.
mv "$LAB_TSIG_KEY" "$LAB_TSIG_KEY.away"
expect 1,2 renew z003.test
mv "$LAB_TSIG_KEY.away" "$LAB_TSIG_KEY"
made=$(orders)
before=$(staging_orders)
expect 1,2 renew z003.test
said 'z003.test: .*newOrder'
[ "$(orders)" = "$made" ] || fail "an order at the CA"
staging ''
expect 0 renew z003.test --retry
said 'z003.test: .* has issued it; .* not published' 'z003.test: certificate published'
check_pair z003.test z003.test
[ "$(orders)" = $((made + 1)) ] && [ "$(staging_orders)" = $((before + 1)) ] || fail "$(orders) and $(staging_orders) orders"

# What did not fail is not tried there, and a staging environment that is broken stops nothing.
expect 0 renew z003.test --force
[ "$(staging_orders)" = $((before + 1)) ] || fail "tried at staging, though it had not failed"
mv "$LAB_TSIG_KEY" "$LAB_TSIG_KEY.away"
expect 1,2 renew z003.test --force
mv "$LAB_TSIG_KEY.away" "$LAB_TSIG_KEY"
staging 's/:14000"/:x"/; s/:15000"/:14000"/; s/:x"/:15000"/'
made=$(orders)
expect 0 renew z003.test --force
said 'staging environment is of no help now' 'z003.test: certificate published'
[ "$(orders)" = $((made + 1)) ] || fail "$(orders) orders"
no_leftover example.test z003.test
