#!/bin/bash
# The server refuses the update: its word and its address are told, and nothing stays.
. "$(dirname "$0")/functions.sh"

for zone in refuse.test static.test; do
	expect 2 issue $zone "${bind[@]}"
	said "REFUSED" "$zone" "$LAB_BIND"
	[ ! -e "$state/certs/$zone/live" ] || fail "a certificate for $zone"
done
expect 0 clean
