#!/bin/bash
# A secondary with an old copy is waited for; in the end it is named with what it answered. No challenge was posted.
. "$(dirname "$0")/functions.sh"

expect 1 issue stale.test --timeout 12 "${bind[@]}"
said "$LAB_KNOT2" "stale\.test"
[ ! -e "$state/certs/stale.test/live" ] || fail "a certificate though a server was stale"
no_leftover stale.test
! grep -q 'POST /chalZ' "$LAB_DIR/log/pebble.log" || fail "the challenge was posted"
