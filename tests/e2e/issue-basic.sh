#!/bin/bash
# One name, one server of each make; the second run has nothing to do, --force makes a new generation.
# lab: PEBBLE_AUTHZREUSE=0
# sanitized
. "$(dirname "$0")/functions.sh"

expect 0 issue example.test "${bind[@]}"
check_pair example.test example.test
no_leftover example.test
first=$(readlink "$state/certs/example.test/live")
expect 0 issue example.test "${bind[@]}"
[ "$(readlink "$state/certs/example.test/live")" = "$first" ] || fail "a new generation though nothing was due"
expect 0 issue example.test --force "${bind[@]}"
[ "$(readlink "$state/certs/example.test/live")" != "$first" ] || fail "no new generation by --force"
check_pair example.test example.test
[ "$(accounts)" = 1 ] || fail "$(accounts) accounts at the CA"
no_leftover example.test
no_process_left
