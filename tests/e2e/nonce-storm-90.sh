#!/bin/bash
# Nine of ten nonces are refused: every run issues (10 with FULL=1).
# lab: PEBBLE_WFE_NONCEREJECT=90 PEBBLE_AUTHZREUSE=50
# minutes: 12
. "$(dirname "$0")/functions.sh"

runs=2
[ -z "$full" ] || runs=10
for ((i = 1; i <= runs; i++)); do
	expect 0 issue example.test '*.example.test' --force "${bind[@]}"
done
check_pair example.test example.test '*.example.test'
no_leftover example.test
