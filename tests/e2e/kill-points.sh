#!/bin/bash
# kill -9 between each COMMIT and the action that follows: one more run leaves no TXT, a right pair, at most one more order.
# lab: PEBBLE_AUTHZREUSE=0
# minutes: 8
. "$(dirname "$0")/functions.sh"

stopped_issue() { # POINT: the engine kills itself there
	DNSPROOF_STOP=$1 issue example.test '*.example.test' "${bind[@]}"
}

needs_hooks
for point in neworder add challenge finalize del; do
	for after in issue clean; do
		echo "== killed at $point, then $after"
		state=$LAB_DIR/state-$point-$after
		orders_before=$(orders) accounts_before=$(accounts)
		expect 1,5,70 stopped_issue $point
		no_process_left
		if [ $after = clean ]; then
			expect 0,5 clean
			no_leftover example.test
		fi
		expect 0,3,5 issue example.test '*.example.test' "${bind[@]}"
		check_pair example.test example.test '*.example.test'
		no_leftover example.test
		[ $(($(orders) - orders_before)) -le 2 ] || fail "$(($(orders) - orders_before)) orders"
		[ $(($(accounts) - accounts_before)) = 1 ] || fail "$(($(accounts) - accounts_before)) accounts"
	done
done
