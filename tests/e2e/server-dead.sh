#!/bin/bash
# A secondary that is gone (connection refused), and one that never answers: warned, issued.
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

expect 0 issue dead.test "${bind[@]}"
said "$LAB_DEAD"
check_pair dead.test dead.test
expect 0 issue deaf.test "${bind[@]}"
said "$LAB_DEAF"
check_pair deaf.test deaf.test
no_leftover dead.test deaf.test
expect 1 issue dead.test --force --wait-for all --timeout 15 "${bind[@]}"
said "$LAB_DEAD"
no_leftover dead.test
