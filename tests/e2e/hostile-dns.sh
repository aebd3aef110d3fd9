#!/bin/bash
# Behaviours of a hostile or broken name server (tests/faults/hostile_dns.py): no false "visible everywhere", nothing stays behind.
# One of its answers speaks of z001.test.
# lab: PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=0
# minutes: 15
# sanitized
. "$(dirname "$0")/functions.sh"

python3 "$(dirname "$0")/../faults/hostile_dns.py" || fail "behaviours that went wrong are above"
