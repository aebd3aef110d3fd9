#!/bin/bash
# A certificate of another directory is due: first from one CA, then from another, as a new user goes from staging to
# production. (The lab's second CA is the same Pebble by its name.)
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

until="valid until [0-9]{4}-[0-9]{2}-[0-9]{2}, renewal from [0-9]{4}-[0-9]{2}-[0-9]{2}; --force replaces it"
from() { # CA OPTION...
	"$dnsproof" issue example.test "${bind[@]}" --ca "$1" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos \
		--resolver "$LAB_RESOLVER" --state "$state" "${@:2}"
}
host() { # URL
	cut -d/ -f3 <<<"$1"
}

expect 0 from "$LAB_CA"
expect 0 from "$LAB_CA"
said "already have a certificate \($(host "$LAB_CA")\), $until"
[ "$(orders)" = 1 ] || fail "$(orders) orders for one certificate"
first=$(readlink "$state/certs/example.test/live")

expect 0 from "$LAB_CA_NAMED"
said "from another CA \($LAB_CA\)" "$(host "$LAB_CA_NAMED")"
[ "$(orders)" = 2 ] || fail "$(orders) orders, though another CA was wanted once"
[ "$(readlink "$state/certs/example.test/live")" != "$first" ] || fail "nothing was published"
check_pair example.test example.test

# The CA is remembered, and that it is served.
expect 0 "$dnsproof" issue example.test --state "$state"
said "already have a certificate \($(host "$LAB_CA_NAMED")\), $until"
expect 3 "$dnsproof" issue example.test --state "$state" --exit-unchanged
[ "$(orders)" = 2 ] || fail "$(orders) orders, though nothing was due"

# Other names and another key type.
expect 0 "$dnsproof" issue example.test --state "$state" --key-type p384
[ "$(orders)" = 3 ] || fail "$(orders) orders, though another key type was wanted"
expect 0 "$dnsproof" issue example.test '*.example.test' --change --state "$state"
[ "$(orders)" = 4 ] || fail "$(orders) orders, though another name was wanted"
check_pair example.test example.test '*.example.test'

# As an older version wrote it: who issued it is not known, which is no reason for another.
sed -i '/"directory"/d; s/\("issuer": ".*"\),$/\1/' "$state/certs/example.test/live/meta.json"
expect 0 "$dnsproof" issue example.test '*.example.test' --state "$state"
said "already have a certificate, $until"
[ "$(orders)" = 4 ] || fail "$(orders) orders for a certificate of an older version"
no_leftover example.test
