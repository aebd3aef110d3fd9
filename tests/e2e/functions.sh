# For the end-to-end tests; each runs inside a lab of its own (tests/lab/run). Sourced, never run.
# shellcheck shell=bash disable=SC2034

set -eu
dnsproof=$DNSPROOF_INST/bin/dnsproof
state=$LAB_DIR/state
out=$LAB_DIR/out # what the last dnsproof said, both streams
full=${FULL:-}

# The DNS accounts of the lab, as options.
bind=(--dns rfc2136 --set "server=$LAB_BIND" --set "key=file:$LAB_TSIG_KEY")
knot=(--dns rfc2136 --set "server=$LAB_KNOT2" --set "key=file:$LAB_TSIG_KEY")
pdns=(--dns rfc2136 --set "server=$LAB_PDNS" --set "key=file:$LAB_VAL_KEY")
ca=(--ca "$LAB_CA" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos)

fail() {
	echo "FAILED: $*"
	exit 1
}
skip() {
	echo "$*"
	exit 77
}
figure() { echo "figure: $*"; }

# Runs CMD, its output into $out and shown; the exit status must be CODE (or one of CODE,CODE).
expect() { # CODE CMD...
	local want=$1 rc=0
	shift
	echo "+ $* ($SECONDS s)"
	"$@" >"$out" 2>&1 </dev/null || rc=$?
	cat "$out"
	[[ ",$want," == *",$rc,"* ]] || fail "exit status $rc, not $want: $*"
}

# dnsproof issue NAME... OPTION... with the lab's CA, resolver and the state folder $state.
issue() {
	"$dnsproof" issue "$@" "${ca[@]}" --resolver "$LAB_RESOLVER" --state "$state"
}
clean() {
	"$dnsproof" clean --state "$state" "$@"
}

said() { # EXTENDED-REGULAR-EXPRESSION: the last dnsproof said so
	local text
	for text; do
		grep -Eqi -- "$text" "$out" || fail "not said: $text"
	done
}
not_said() {
	! grep -Eqi -- "$1" "$out" || fail "said: $1"
}

txt_at() { # SERVER NAME: its TXT values, one a line, sorted
	dig +short +norec +tries=2 +time=2 "@$1" "$2" TXT | grep '^"' | tr -d '"' | sort || true
}
count_txt() { # SERVER NAME
	txt_at "$1" "$2" | wc -l
}
put_txt() { # KEY SERVER ZONE NAME VALUE [TTL]: a value of somebody else
	printf 'server %s\nzone %s\nupdate add %s %s TXT "%s"\nsend\n' "$2" "$3" "$4" "${6:-60}" "$5" | nsupdate -k "$1"
}

# The names have no TXT: at SERVER at once.
no_txt() { # SERVER NAME...
	local server=$1 name
	shift
	for name; do
		[ "$(count_txt "$server" "$name")" = 0 ] || fail "TXT left at $server: $name $(txt_at "$server" "$name" | tr '\n' ' ')"
	done
}
no_leftover() { # NAME...: none at the primary, BIND
	no_txt "$LAB_BIND" "${@/#/_acme-challenge.}"
}

root_of_ca() {
	curl -sf --cacert "$LAB_CA_BUNDLE" "$LAB_CA_MGMT/roots/0" >"$LAB_DIR/root.pem"
}

# The live pair of ID in $state: names exactly these, chain to the CA's root, key and leaf belong together, files as promised.
check_pair() { # ID NAME...
	local live=$state/certs/$1/live id=$1 names
	shift
	[ -L "$live" ] || fail "$live is no link"
	root_of_ca
	names=$(openssl x509 -in "$live/cert.pem" -noout -ext subjectAltName | tail -n +2 | tr ',' '\n' | sed 's/.*DNS://' | sort | tr '\n' ' ')
	[ "$names" = "$(printf '%s\n' "$@" | sort | tr '\n' ' ')" ] || fail "$id: its names are $names"
	openssl verify -CAfile "$LAB_DIR/root.pem" -untrusted "$live/chain.pem" "$live/cert.pem" >/dev/null || fail "$id: the chain is wrong"
	[ "$(openssl x509 -in "$live/cert.pem" -noout -pubkey)" = "$(openssl pkey -in "$live/privkey.pem" -pubout)" ] || fail "$id: the key is another one"
	[ "$(cat "$live/cert.pem" "$live/chain.pem")" = "$(cat "$live/fullchain.pem")" ] || fail "$id: fullchain.pem is not cert.pem and chain.pem"
	[ "$(openssl pkey -in "$live/combined.pem" -pubout)" = "$(openssl x509 -in "$live/combined.pem" -noout -pubkey)" ] || fail "$id: combined.pem is wrong"
	[ "$(stat -L -c %a "$live/privkey.pem" "$live/combined.pem" "$live/cert.pem" | tr '\n' ' ')" = "600 600 644 " ] ||
		fail "$id: modes $(stat -L -c '%a %n' "$live"/*.pem | tr '\n' ' ')"
	echo "pair of $id: right"
}

orders() { # how many orders the CA has made
	grep -c 'Added order ' "$LAB_DIR/log/pebble.log" || true
}
accounts() { # how many accounts the CA has
	grep 'accounts in memory' "$LAB_DIR/log/pebble.log" | tail -n 1 | sed 's/.*There are now \([0-9]*\) .*/\1/' | grep . || echo 0
}

needs_hooks() {
	grep -aq DNSPROOF_STOP "$DNSPROOF_INST/libexec/dnsproof/dnsproof-engine" || skip "the programs were built without --enable-test-hooks"
}

# In the background with a process group and signal handlers of its own; the id is in $group.
start_group() { # CMD...
	: >"$out" # a signal may come before the group has opened it
	set -m
	"$@" >"$out" 2>&1 </dev/null &
	group=$!
	set +m
}

# Waits for a process to end, at most SECONDS; its status is in $status.
wait_for() { # PID SECONDS
	local end=$((SECONDS + $2))
	while kill -0 "$1" 2>/dev/null && [ $SECONDS -lt $end ]; do pause 0.02; done
	! kill -0 "$1" 2>/dev/null || fail "still running after $2 s: $1"
	status=0
	wait "$1" || status=$?
}

# For moments at random and for asking again, never instead of asking.
pause() { # SECONDS
	read -rt "$1" <>"$LAB_DIR/run/never" || true
}
until_true() { # SECONDS CMD...
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		pause 0.05
	done
}

# The processes of this lab with that name, by the first 15 letters that the kernel keeps.
pids_of() { # NAME
	pgrep -x "$(printf '%.15s' "$1")" || true
}
no_process_left() {
	local left
	until_true 30 no_process || left=$(ps ax | grep '[d]nsproof-\|bin/[d]nsproof')
	[ -z "${left:-}" ] || fail "processes left: $left"
}
no_process() {
	[ -z "$(pids_of dnsproof)$(pids_of dnsproof-engine)$(pids_of dnsproof-keeper)$(pids_of dnsproof-provider)" ]
}
