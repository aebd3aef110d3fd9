#!/bin/bash
# The challenge name is a CNAME into another zone on another server; without --cname-target the option to add is printed.
. "$(dirname "$0")/functions.sh"

expect 1,2 issue web.test '*.web.test' "${pdns[@]}"
said "--cname-target" "web\.val\.test"
[ "$(orders)" = 0 ] || fail "an order was made before the target was known to be allowed"
expect 0 issue web.test '*.web.test' "${pdns[@]}" --cname-target web.val.test
check_pair web.test web.test '*.web.test'
no_txt "$LAB_PDNS" web.val.test
