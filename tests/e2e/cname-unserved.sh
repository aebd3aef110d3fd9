#!/bin/bash
# The chain ends in a zone that the DNS account cannot write: every hop and the zone are named, and nothing is ordered.
. "$(dirname "$0")/functions.sh"

expect 1,2 issue away.test "${bind[@]}" --cname-target away.foreign.test
said "_acme-challenge\.away\.test" "away\.foreign\.test" "foreign\.test"
[ "$(orders)" = 0 ] || fail "an order was made"
