#!/bin/bash
# A run that was killed once the order was made is resumed: the same order, the same account.
# lab: PEBBLE_AUTHZREUSE=0
# sanitized
. "$(dirname "$0")/functions.sh"

stopped_issue() {
	DNSPROOF_STOP=$1 issue example.test '*.example.test' "${bind[@]}"
}

needs_hooks
for point in add challenge finalize; do
	state=$LAB_DIR/state-$point
	before=$(orders)
	expect 1,5,70 stopped_issue $point
	[ "$(orders)" = $((before + 1)) ] || fail "killed at $point: $(($(orders) - before)) orders"
	expect 0,5 issue example.test '*.example.test' "${bind[@]}"
	[ "$(orders)" = $((before + 1)) ] || fail "killed at $point: the order was not resumed"
	check_pair example.test example.test '*.example.test'
	no_leftover example.test
done
