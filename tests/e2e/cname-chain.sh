#!/bin/bash
# A chain of three links over three zones.
. "$(dirname "$0")/functions.sh"

expect 1,2 issue chain.test "${pdns[@]}"
said "--cname-target" "chain\.val\.test"
expect 0 issue chain.test "${pdns[@]}" --cname-target '**.val.test' -v
check_pair chain.test chain.test
no_txt "$LAB_PDNS" chain.val.test
