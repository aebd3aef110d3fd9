#!/bin/bash
# A site whose firewall lets only its own resolver be asked: --wait-for resolver asks nobody else, and nothing too early.
# lab: LAB_CACHE=60 LAB_NEGATIVE_CACHE=60 PEBBLE_AUTHZREUSE=0
# needs: hooks
. "$(dirname "$0")/functions.sh"

log=$LAB_DIR/site.log
ca_address=${LAB_CA#https://} ca_address=${ca_address%/*}
bind=(--dns rfc2136 --set "server=$LAB_BIND:5300" --set "key=file:$LAB_TSIG_KEY")
pdns=(--dns rfc2136 --set "server=$LAB_PDNS:5300" --set "key=file:$LAB_VAL_KEY")

# The CA, the DNS APIs (at a port of their own) and the resolver can be reached.
in_site() { # CMD...
	: >"$log"
	python3 "$(dirname "$0")/../faults/site.py" "$log" "tcp:$ca_address=$ca_address" "dns:$LAB_RESOLVER=$LAB_RESOLVER" \
		"dns:$LAB_BIND:5300=$LAB_BIND:53" "dns:$LAB_PDNS:5300=$LAB_PDNS:53" -- "$@"
}
issue() {
	in_site "$dnsproof" issue "$@" "${ca[@]}" --resolver "$LAB_RESOLVER" --state "$state"
}
no_other_asked() {
	! grep -q '^elsewhere' "$log" || fail "asked elsewhere: $(grep '^elsewhere' "$log" | sort | uniq -c)"
	grep -q "^relayed ${LAB_RESOLVER%:*} " "$log" || fail "nobody was asked"
}
# The first question about NAME at the resolver; they come after the record was added.
first_question() { # NAME
	grep "^relayed ${LAB_RESOLVER%:*} $1 " "$log" | head -n 1 | cut -d ' ' -f 4
}

expect 1 issue z020.test "${bind[@]}"
said 'port 53 looks blocked' '--wait-for resolver'
grep -q '^elsewhere' "$log" || fail "nobody else was asked without --wait-for resolver: the trap is not right"
[ "$(orders)" = 0 ] || fail "an order was made"

expect 0 issue z021.test '*.www.z021.test' --wait-for resolver "${bind[@]}"
said "_acme-challenge.z021.test: zone z021.test, by the resolver"
said "_acme-challenge.www.z021.test: zone z021.test"
said "visible on 1 resolver"
check_pair z021.test z021.test '*.www.z021.test'
no_leftover z021.test www.z021.test
no_other_asked
[ "$(first_question _acme-challenge.z021.test)" = TXT ] || fail "$(cat "$log")"
[ "$(first_question _acme-challenge.www.z021.test)" = TXT ] || fail "$(cat "$log")"

expect 0 issue web.test --wait-for resolver "${pdns[@]}" --cname-target web.val.test
said "TXT goes to web\.val\.test"
check_pair web.test web.test
no_txt "$LAB_PDNS" web.val.test
no_other_asked
[ "$(first_question _acme-challenge.web.test)" = CNAME ] || fail "$(cat "$log")"
[ "$(first_question web.val.test)" = TXT ] || fail "$(cat "$log")"

# What a killed run left is proved gone by the resolver too.
export DNSPROOF_STOP=challenge
expect 1,5,70 issue z022.test --wait-for resolver "${bind[@]}"
unset DNSPROOF_STOP
no_process_left
[ "$(count_txt "$LAB_BIND" _acme-challenge.z022.test)" = 1 ] || fail "nothing was left"
expect 0,5 in_site "$dnsproof" clean --state "$state" --resolver "$LAB_RESOLVER"
no_leftover z022.test
! grep -q '^elsewhere' "$log" || fail "asked elsewhere: $(grep '^elsewhere' "$log" | sort | uniq -c)"

