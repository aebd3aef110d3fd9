#!/bin/bash
# What `issue` made is remembered with its sources: `clean` alone removes what a killed run left, without credentials told again.
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

needs_hooks
stopped_issue() {
	DNSPROOF_STOP=challenge issue example.test '*.example.test' "${bind[@]}"
}
expect 1,5,70 stopped_issue
[ "$(count_txt "$LAB_BIND" _acme-challenge.example.test)" = 2 ] || fail "the run left $(count_txt "$LAB_BIND" _acme-challenge.example.test) values, not 2"
expect 0 clean --resolver "$LAB_RESOLVER"
no_leftover example.test
secret=$(sed -n 's/.*secret "\(.*\)".*/\1/p' "$LAB_TSIG_KEY")
! grep -rqF "$secret" "$state" || fail "the secret is in the state folder"
