#!/bin/bash
# Half of all nonces are refused and half of all authorizations are reused: every run issues (50 with FULL=1).
# lab: PEBBLE_WFE_NONCEREJECT=50 PEBBLE_AUTHZREUSE=50
# minutes: 12
. "$(dirname "$0")/functions.sh"

runs=8
[ -z "$full" ] || runs=50
for ((i = 1; i <= runs; i++)); do
	expect 0 issue example.test '*.example.test' --force "${bind[@]}"
done
check_pair example.test example.test '*.example.test'
no_leftover example.test
[ "$(accounts)" = 1 ] || fail "$(accounts) accounts"
