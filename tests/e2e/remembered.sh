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

# Not due, but another DNS account: it is tried before it is remembered.
expect 0 issue z001.test "${bind[@]}"
expect 2 issue z001.test "${pdns[@]}"
said 'already have a certificate' 'does not serve the zone z001.test'
before=$(orders)
expect 0 issue z001.test --dns rfc2136 --set "server=$LAB_BIND:53" --set "key=file:$LAB_TSIG_KEY"
said 'already have a certificate' 'certificate z001.test: DNS account rfc2136-[0-9a-f]+ instead of rfc2136-'
[ "$(orders)" = "$before" ] || fail "an order was made"
expect 0 issue z001.test --force
check_pair z001.test z001.test
no_leftover z001.test
