#!/bin/bash
# SIGINT to the whole process group, and SIGTERM and SIGHUP, at several moments: TXT removed, ended by the signal, the next run goes.
# lab: PEBBLE_AUTHZREUSE=0
# minutes: 8
. "$(dirname "$0")/functions.sh"

moments="0 20 50 100 150 200 300 450"
[ -z "$full" ] || moments=$(seq 0 20 600)
interrupted=0
for signal in INT TERM HUP; do
	for ms in $moments; do
		state=$LAB_DIR/state-$signal-$ms
		echo "== $signal after $ms ms"
		start_group issue example.test '*.example.test' "${bind[@]}"
		pause "$(printf '0.%03d' "$ms")"
		kill -$signal -- "-$group" 2>/dev/null || true
		wait_for "$group" 60
		cat "$out"
		no_process_left
		no_leftover example.test
		[ $status = 0 ] || [ $status = $((128 + $(kill -l $signal))) ] || fail "exit status $status"
		[ $status = 0 ] || interrupted=$((interrupted + 1))
		expect 0,3,5 issue example.test '*.example.test' "${bind[@]}"
		check_pair example.test example.test '*.example.test'
		no_leftover example.test
	done
done
[ $interrupted -gt 5 ] || fail "only $interrupted runs were interrupted: this test tested nothing"
