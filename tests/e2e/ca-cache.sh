#!/bin/bash
# The CA's resolver caches: a wildcard after its apex, and many runs at once at one name.
# lab: LAB_CACHE=60 PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=5
# needs: pebble-new
# minutes: 12
. "$(dirname "$0")/functions.sh"

# Pebble 2.4 asks over UDP with 512 octets at most, which is 8 values, and does not ask again over TCP.
runs=${full:+16} ttl=${full:+60}
runs=${runs:-5} ttl=${ttl:-10}
foreign=somebody-else

# The set of ZONE has that TTL from the beginning, and keeps it.
with_set() { # ZONE
	put_txt "$LAB_ADMIN_KEY" "$LAB_BIND" "$1" "_acme-challenge.$1" $foreign "$ttl"
}
only_foreign() { # ZONE
	local name=_acme-challenge.$1
	[ "$(txt_at "$LAB_BIND" "$name")" = $foreign ] || fail "the values of $name are $(txt_at "$LAB_BIND" "$name")"
	[ "$(dig +noall +answer "@$LAB_BIND" "$name" TXT | awk '{print $2; exit}')" = "$ttl" ] || fail "$name: another TTL"
}

# Several runs for ZONE at once, each with an ID of its own; STATE is a folder for all of them, or ends in N.
at_once() { # ZONE STATE-PREFIX own|shared
	local zone=$1 i bad=0 pids=()
	for ((i = 1; i <= runs; i++)); do
		state=$2
		[ "$3" = shared ] || state=$2$i
		issue "$zone" --id "run$i" "${bind[@]}" >"$out$i" 2>&1 </dev/null &
		pids+=($!)
	done
	for ((i = 1; i <= runs; i++)); do
		wait "${pids[i - 1]}" || {
			echo "run $i: exit status $?"
			bad=$((bad + 1))
			cat "$out$i"
		}
		state=$2
		[ "$3" = shared ] || state=$2$i
		check_pair "run$i" "$zone"
	done
	[ $bad = 0 ] || fail "$bad of $runs"
	figure "$runs runs at $zone ($3 state folder): $SECONDS s since the start, $(orders) orders at the CA so far"
	only_foreign "$zone"
}

state=$LAB_DIR/state
with_set z001.test
expect 0 issue z001.test "${bind[@]}"
expect 0 issue '*.z001.test' --id wild "${bind[@]}"
said 'waiting [0-9]+ s, the CA'
check_pair wild '*.z001.test'
only_foreign z001.test

with_set z002.test
at_once z002.test "$LAB_DIR/shared" shared
with_set z003.test
at_once z003.test "$LAB_DIR/own" own
