#!/bin/bash
# A loop of CNAMEs is explained hop by hop, and nothing is ordered.
. "$(dirname "$0")/functions.sh"

expect 1,2 issue loop.test "${bind[@]}"
said "loop" "_acme-challenge\.loop\.test" "x\.loop\.test"
[ "$(orders)" = 0 ] || fail "an order was made"
