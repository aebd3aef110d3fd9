#!/bin/bash
# kill -9 of each program at random moments: one more run leaves no TXT, a right pair, at most one more order.
# lab: PEBBLE_AUTHZREUSE=0
# minutes: 20
. "$(dirname "$0")/functions.sh"

moments=6
[ -z "$full" ] || moments=30
RANDOM=${SEED:-$$}
echo "SEED=${SEED:-$$}"
for program in dnsproof-engine dnsproof-keeper dnsproof-provider dnsproof; do
	for ((i = 1; i <= moments; i++)); do
		state=$LAB_DIR/state-$program-$i
		ms=$((RANDOM % 500))
		orders_before=$(orders) accounts_before=$(accounts)
		echo "== $program, $ms ms"
		start_group issue example.test '*.example.test' "${bind[@]}"
		pause "$(printf '0.%03d' $ms)"
		for pid in $(pids_of $program); do kill -KILL "$pid" 2>/dev/null || true; done
		wait_for "$group" 60
		no_process_left
		cat "$out"
		expect 0,3,5 issue example.test '*.example.test' "${bind[@]}"
		check_pair example.test example.test '*.example.test'
		no_leftover example.test
		[ $(($(orders) - orders_before)) -le 2 ] || fail "$(($(orders) - orders_before)) orders"
		[ $(($(accounts) - accounts_before)) -le 1 ] || fail "$(($(accounts) - accounts_before)) accounts"
	done
done
