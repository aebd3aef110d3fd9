#!/bin/bash
# The place of publication is tried before any order: a folder in the place of live, or no room, costs no certificate.
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

expect 0 issue example.test "${bind[@]}"
before=$(orders)
mkdir -p "$state/certs/www.example.test/live"
for _ in 1 2 3; do
	expect 1 issue www.example.test "${bind[@]}"
	said 'live: is not a link'
done
[ "$(orders)" = "$before" ] || fail "$(($(orders) - before)) orders for a certificate that could not be published"
no_leftover www.example.test
rmdir "$state/certs/www.example.test/live"
expect 0 issue www.example.test "${bind[@]}"
check_pair www.example.test www.example.test
[ "$(orders)" = $((before + 1)) ] || fail "$(($(orders) - before)) orders"
no_leftover example.test www.example.test
