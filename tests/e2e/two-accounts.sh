#!/bin/bash
# One certificate whose names need two DNS accounts.
. "$(dirname "$0")/functions.sh"

expect 0 issue example.test val.test "${bind[@]}" "${pdns[@]}"
check_pair example.test example.test val.test
no_leftover example.test
no_txt "$LAB_PDNS" _acme-challenge.val.test
