#!/bin/bash
# A chain of three links over three zones.
. "$(dirname "$0")/functions.sh"

expect 1,2 issue chain.test "${pdns[@]}"
said "--target" "chain\.val\.test"
expect 0 issue chain.test "${pdns[@]}" --target '**.val.test' -v
check_pair chain.test chain.test
no_txt "$LAB_PDNS" chain.val.test
