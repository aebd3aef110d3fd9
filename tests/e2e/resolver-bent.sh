#!/bin/bash
# Resolvers that answer addresses, but not the question for the name servers of a top-level domain (tests/faults/bent_resolver.py).
. "$(dirname "$0")/functions.sh"

python3 "$(dirname "$0")/../faults/bent_resolver.py" "${LAB_RESOLVER%:*}" 127.0.8.1=NOTIMP 127.0.8.2=SERVFAIL 127.0.8.3=NXDOMAIN 127.0.8.4=nodata \
	>"$LAB_DIR/log/bent_resolver.log" 2>&1 &
until_true 10 grep -q ready "$LAB_DIR/log/bent_resolver.log" || fail "$(cat "$LAB_DIR/log/bent_resolver.log")"
i=0
for what in NOTIMP SERVFAIL NXDOMAIN nodata; do
	i=$((i + 1))
	LAB_RESOLVER=127.0.8.$i
	expect 0 issue "z00$i.test" "${bind[@]}"
	check_pair "z00$i.test" "z00$i.test"
	no_leftover "z00$i.test"
	echo "$what: right"
done
