#!/bin/bash
# Without any DNS API: _acme-challenge.sa.test is delegated to us by NS, and the provider's own responder answers on port 53.
# lab: PEBBLE_AUTHZREUSE=0
# sanitized
. "$(dirname "$0")/functions.sh"

alone=(--dns standalone --set ns=ns-sa.sa.test --set "listen=$LAB_SA")
expect 0 issue sa.test '*.sa.test' -v "${alone[@]}"
said "$LAB_SA" "zone _acme-challenge\.sa\.test"
check_pair sa.test sa.test '*.sa.test'
no_process_left
[ -z "$(pids_of dnsproof-responder)" ] || fail "the responder outlives its host"

# Not delegated: told before an order, with the record to create.
before=$(orders)
expect 2 issue example.test "${alone[@]}"
said "_acme-challenge\.example\.test\. NS ns-sa\.sa\.test\."
[ "$(orders)" = "$before" ] || fail "an order was made for a name that is not delegated to us"

# Killed with values put: they end with the responder, and the next run pays the debt.
if grep -aq DNSPROOF_STOP "$DNSPROOF_INST/libexec/dnsproof/dnsproof-engine"; then
	state=$LAB_DIR/state2
	for point in challenge finalize; do
		rc=0
		DNSPROOF_STOP=$point issue sa.test '*.sa.test' "${alone[@]}" >"$out" 2>&1 || rc=$?
		[ $rc != 0 ] || fail "it was not stopped at $point"
		until_true 10 no_process || fail "processes left"
		[ -z "$(pids_of dnsproof-responder)" ] || fail "the responder outlives a killed run"
		expect 0 clean
		said "removed, none left"
	done
	expect 0 issue sa.test '*.sa.test' "${alone[@]}"
	check_pair sa.test sa.test '*.sa.test'
fi

# Somebody else has the port: who, and what to do.
"$DNSPROOF_INST/libexec/dnsproof/dnsproof-responder" --ns a.test --listen "$LAB_SA" &
until_true 5 sh -c "dig +short @$LAB_SA _acme-challenge.z SOA | grep -q a.test"
expect 2 issue sa.test '*.sa.test' --force "${alone[@]}"
said "in use by dnsproof-respon" "listen" "socket"
kill %1
