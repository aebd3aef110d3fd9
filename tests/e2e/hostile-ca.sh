#!/bin/bash
# Behaviours of a hostile or unwell CA (tests/faults/hostile_ca.py): nothing wrong is published, nothing stays behind, "later" is no failure.
# Its names are in z001.test.
# lab: PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=0
# minutes: 15
# sanitized
. "$(dirname "$0")/functions.sh"

python3 "$(dirname "$0")/../faults/hostile_ca.py" || fail "behaviours that went wrong are above"
