#!/bin/bash
# A test CA's certificate does not take the place of a trusted CA's unless that is wanted: nothing is asked of the CA
# then. (Staging is the lab's Pebble under the address and the name of Let's Encrypt's.)
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

python3 "$(dirname "$0")/staging-ca.py" "$LAB_DIR/ready" "$LAB_STAGING_IP" "$LAB_PEBBLE_IP" "$LAB_CA_BUNDLE" \
	"$LAB_DIR/pebble/key.pem" >"$LAB_DIR/log/staging.log" 2>&1 &
until_true 10 test -e "$LAB_DIR/ready" || fail "the service does not start: $(cat "$LAB_DIR/log/staging.log")"
staging() {
	"$dnsproof" issue "$@" "${bind[@]}" --ca letsencrypt-staging --ca-bundle "$LAB_CA_BUNDLE" --agree-tos \
		--resolver "$LAB_RESOLVER" --state "$state"
}

# From staging to production, as everybody begins.
expect 0 staging www.example.test
expect 0 issue www.example.test "${bind[@]}"
check_pair www.example.test www.example.test
first=$(readlink "$state/certs/www.example.test/live")
before=$(orders)

# And back.
expect 2 staging www.example.test
said "www.example.test: the certificate there is from $LAB_CA" 'add --replace-trusted'
expect 2 staging www.example.test --force
[ "$(orders)" = "$before" ] || fail "$(($(orders) - before)) orders for a certificate that would not be published"
[ "$(readlink "$state/certs/www.example.test/live")" = "$first" ] || fail "the trusted certificate was replaced"
expect 0 "$dnsproof" issue www.example.test --state "$state"
said "already have a certificate \($(cut -d/ -f3 <<<"$LAB_CA")\)"
expect 0 staging www.example.test --id test
check_pair test www.example.test

expect 0 staging www.example.test --replace-trusted
[ "$(readlink "$state/certs/www.example.test/live")" != "$first" ] || fail "nothing was published"
check_pair www.example.test www.example.test
no_leftover www.example.test
