#!/bin/bash
# Certificate profiles: the one that is wanted is asked for, another makes it due, one that the CA does not list is an
# error before anything is ordered.
# needs: pebble-new
# lab: PEBBLE_AUTHZREUSE=0 LAB_PEBBLE_PROFILES={"long":{"description":"a-season","validityPeriod":7776000},"short":{"description":"six-days","validityPeriod":518400}}
# sanitized
. "$(dirname "$0")/functions.sh"

days() { # of its lifetime
	local from to
	from=$(openssl x509 -in "$state/certs/z001.test/live/cert.pem" -noout -startdate)
	to=$(openssl x509 -in "$state/certs/z001.test/live/cert.pem" -noout -enddate)
	echo $((($(date -d "${to#*=}" +%s) - $(date -d "${from#*=}" +%s) + 86399) / 86400))
}

expect 2 issue z001.test --profile weekly "${bind[@]}"
said 'no profile weekly; it lists:' 'long: a-season' 'short: six-days'
[ "$(orders)" = 0 ] || fail "ordered"
expect 0 issue z001.test --profile short "${bind[@]}"
[ "$(days)" = 6 ] || fail "$(days) days"
expect 0 "$dnsproof" renew --state "$state"
[ "$(orders)" = 1 ] || fail "$(orders) orders"

# Remembered; another makes it due, and status knows.
expect 0 issue z001.test --profile long
said 'another profile is wanted'
[ "$(days)" = 90 ] || fail "$(days) days"
expect 0 issue z001.test
[ "$(orders)" = 2 ] || fail "$(orders) orders"
sed -i 's/"long"/"short"/' "$state/issued/z001.test.json"
expect 0 "$dnsproof" plan --state "$state"
said 'another profile is wanted'
expect 0 "$dnsproof" renew --state "$state"
[ "$(days)" = 6 ] || fail "$(days) days"
expect 0 "$dnsproof" ca show "$(basename "$state"/ca/*.json .json)" --state "$state"
said 'profiles of the CA:' 'long: a-season'
no_leftover z001.test
