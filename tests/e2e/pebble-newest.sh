#!/bin/bash
# The newest Pebble: profiles, Retry-After as seconds and as dates, TCP only towards the resolver.
# needs: pebble-new
# lab: LAB_PEBBLE_RETRY_AFTER={"authz":1,"order":1}
. "$(dirname "$0")/functions.sh"

"$LAB_PEBBLE" -version 2>&1 | head -n 1
expect 0 issue example.test '*.example.test' "${bind[@]}"
check_pair example.test example.test '*.example.test'
expect 0 issue web.test "${pdns[@]}" --cname-target web.val.test
check_pair web.test web.test
expect 0 issue example.test '*.example.test' --force --key-type rsa2048 "${bind[@]}"
check_pair example.test example.test '*.example.test'
no_leftover example.test
