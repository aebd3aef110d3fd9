#!/bin/bash
# Longer chains, alternates, other roots: the default chain is taken whole.
# lab: PEBBLE_ALTERNATE_ROOTS=2 PEBBLE_CHAIN_LENGTH=3 PEBBLE_WFE_ORDERS_PER_PAGE=1
# sanitized
. "$(dirname "$0")/functions.sh"

expect 0 issue example.test '*.example.test' "${bind[@]}"
check_pair example.test example.test '*.example.test'
[ "$(grep -c BEGIN "$state/certs/example.test/live/chain.pem")" = 3 ] || fail "the chain has $(grep -c BEGIN "$state/certs/example.test/live/chain.pem") certificates"
