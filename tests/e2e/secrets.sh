#!/bin/bash
# No secret in any output, in the state, in a process's arguments or environment; keys are for their owner alone.
# lab: PEBBLE_AUTHZREUSE=0
# sanitized
. "$(dirname "$0")/functions.sh"

secret=$(sed -n 's/.*secret "\(.*\)".*/\1/p' "$LAB_TSIG_KEY")
start_group issue example.test '*.example.test' -v -v "${bind[@]}"
while kill -0 "$group" 2>/dev/null; do
	for pid in $(pids_of dnsproof) $(pids_of dnsproof-engine) $(pids_of dnsproof-keeper) $(pids_of dnsproof-provider); do
		cat "/proc/$pid/cmdline" "/proc/$pid/environ" >>"$LAB_DIR/seen" 2>/dev/null || true
	done
	pause 0.01
done
wait_for "$group" 5
[ "$status" = 0 ] || fail "$(cat "$out")"
[ -s "$LAB_DIR/seen" ] || fail "no process was seen"
! grep -qaF "$secret" "$LAB_DIR/seen" "$out" || fail "the secret was seen"
! grep -rqF "$secret" "$state" || fail "the secret is in the state folder"
[ -z "$(find "$state" -name '*.pem' -path '*keys*' -perm /077)" ] || fail "an account key is open to others"
[ -z "$(find "$state" ! -type l -perm /022)" ] || fail "others can write: $(find "$state" ! -type l -perm /022)"
