#!/bin/bash
# Eight runs for one name at the same time, each with a state folder and account of its own, keep each other's values.
# lab: PEBBLE_AUTHZREUSE=0
# wants: pebble-new
# alone
. "$(dirname "$0")/functions.sh"

# Pebble 2.4 asks over UDP with 512 octets at most, which is 8 values, and does not ask again over TCP.
name=_acme-challenge.example.test
names=(example.test '*.example.test')
foreign=somebody-else
if [ -n "${LAB_PEBBLE:-}" ]; then
	put_txt "$LAB_ADMIN_KEY" "$LAB_BIND" example.test $name $foreign
else
	echo "with one name each and no foreign value: the newest Pebble could not be had"
	names=(example.test)
	foreign=
fi
pids=()
for i in 1 2 3 4 5 6 7 8; do
	state=$LAB_DIR/state$i
	issue "${names[@]}" "${bind[@]}" >"$LAB_DIR/out$i" 2>&1 </dev/null &
	pids+=($!)
done
bad=0
for i in 1 2 3 4 5 6 7 8; do
	wait "${pids[i - 1]}" || {
		bad=1
		echo "run $i: exit status $?"
		cat "$LAB_DIR/out$i"
	}
done
[ $bad = 0 ] || fail "not all of the eight"
for i in 1 2 3 4 5 6 7 8; do
	state=$LAB_DIR/state$i
	check_pair example.test "${names[@]}"
done
[ "$(txt_at "$LAB_BIND" $name)" = "$foreign" ] || fail "the values are now $(txt_at "$LAB_BIND" $name)"
[ "$(accounts)" = 8 ] || fail "$(accounts) accounts"
