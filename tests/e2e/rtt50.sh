#!/bin/bash
# The CA behind 50 ms of round trip: sequential round trips of a first issuance, at most 10; 100 names against 2.
# lab: PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=0 LAB_CA_DELAY=50
# alone
. "$(dirname "$0")/functions.sh"

# Exchanges that cannot have been at the same time: in each connection what follows set-up, then the longest row of intervals
# without overlap.
round_trips() { # FIRST-LINE: of the proxy's log
	tail -n "+$1" "$LAB_DIR/log/delayproxy.log" | awk '
		$3 == ">" && !waiting[$2] { sent[$2] = $1; waiting[$2] = 1 }
		$3 == "<" && waiting[$2] {
			waiting[$2] = 0
			if (++answers[$2] > 1) printf "%s %s\n", $1, sent[$2]
		}' | sort -n | awk '$2 >= end { count++; end = $1 } { all++ } END { print count + 0, all + 0 }'
}
measure() { # ID NAME...
	local from began
	from=$(($(wc -l <"$LAB_DIR/log/delayproxy.log") + 1))
	state=$LAB_DIR/state-$1
	began=$(date +%s%N)
	expect 0 issue "${@:2}" --id "$1" "${bind[@]}"
	ms=$((($(date +%s%N) - began) / 1000000))
	until_true 2 test -s "$LAB_DIR/log/delayproxy.log" || true
	read -r trips exchanges <<<"$(round_trips "$from")"
	figure "$(($# - 1)) names: $ms ms, $trips sequential round trips of $exchanges exchanges"
}

ca=(--ca "$LAB_CA_SLOW" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos)
measure two example.test '*.example.test'
ms2=$ms
[ "$trips" -le 10 ] || fail "$trips sequential round trips"
mapfile -t names < <(printf 'n%03d.example.test\n' $(seq 100))
measure hundred "${names[@]}"
figure "100 names take $((ms * 100 / ms2)) % of the time of 2"
check_pair hundred "${names[@]}"
