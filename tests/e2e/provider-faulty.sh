#!/bin/bash
# A provider module that crashes, hangs, exits, forges answers, floods stderr, shows its secret, or is none: the message names it,
# the run ends in time, no certificate comes of it, and nothing else suffers.
# lab: PEBBLE_AUTHZREUSE=0
# minutes: 10
# sanitized
. "$(dirname "$0")/functions.sh"

needs_hooks
modules=${DNSPROOF_MODULES:-}
[ -e "$modules/crash.so" ] || skip "DNSPROOF_MODULES has no test modules (make check builds them in tests/providers/modules/.libs)"
mkdir "$LAB_DIR/modules"
cp "$modules"/*.so "$DNSPROOF_INST"/lib/dnsproof/providers/*.so "$LAB_DIR/modules/"
chmod go-w "$LAB_DIR"/modules/*
export DNSPROOF_PROVIDERDIR=$LAB_DIR/modules
put_txt "$LAB_ADMIN_KEY" "$LAB_BIND" example.test _acme-challenge.example.test somebody-else

faulty() { # CODES MODULE REGEX...
	local codes=$1 module=$2
	shift 2
	state=$LAB_DIR/state-$module
	echo "== $module"
	expect "$codes" issue example.test --dns $module "${options[@]}"
	said "$module" "$@"
	[ ! -e "$state/certs/example.test/live" ] || fail "a certificate by $module"
	[ "$(wc -c <"$out")" -lt 20000 ] || fail "$(wc -c <"$out") octets of output"
	no_process_left
	# The same state folder, an account that works: not in the way of each other.
	expect 0,5 issue www.example.test "${bind[@]}"
	check_pair www.example.test www.example.test
	no_leftover www.example.test
	[ "$(txt_at "$LAB_BIND" _acme-challenge.example.test)" = somebody-else ] || fail "the foreign value is gone"
}

options=(--timeout 30)
# A sanitizer would take the signal, and leave other last words.
ASAN_OPTIONS=${ASAN_OPTIONS:-}:handle_segv=0 faulty 1,2,5 crash 'signal 11|segmentation|AddressSanitizer'
faulty 1,2,5 exiting 'exit'
faulty 1,2,5 flood
faulty 1,2,5 forge
faulty 1,2 oldabi 'abi'
faulty 1,2 nothing
options=(--timeout 5)
faulty 1,2,5 hang 'answer|time|deadline|hang'
options=(--timeout 30 --set lie=rc)
[ -z "$full" ] || faulty 1,2,5 liar
(umask 077 && echo very-secret-token >"$LAB_DIR/token")
options=(--timeout 30 --set "token=file:$LAB_DIR/token")
faulty 1,2,5 leaky
not_said very-secret-token
! grep -rq very-secret-token "$LAB_DIR/state-leaky" || fail "the secret is in the state folder"
