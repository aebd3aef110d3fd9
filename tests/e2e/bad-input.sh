#!/bin/bash
# Each kind of bad input: one message that names the thing, the trouble and what to type; no order; nothing damaged.
# lab: PEBBLE_AUTHZREUSE=0
# minutes: 6
# sanitized
. "$(dirname "$0")/functions.sh"

# bad CODE REGEX... -- COMMAND...: the texts are all said, and no order is made
bad() {
	local code=$1 before texts=()
	shift
	while [ "$1" != -- ]; do
		texts+=("$1")
		shift
	done
	shift
	before=$(orders)
	expect "$code" "$@"
	said "${texts[@]}"
	[ "$(orders)" = "$before" ] || fail "an order was made"
	[ "$(grep -ci 'error\|: ' "$out")" -le 8 ] || fail "more than a message: $(wc -l <"$out") lines"
	echo
}

expect 0 issue example.test '*.example.test' "${bind[@]}"
live=$(readlink "$state/certs/example.test/live")
key="key=file:$LAB_TSIG_KEY"
tsig=$(sed -n 's/.*secret "\(.*\)".*/\1/p' "$LAB_TSIG_KEY")

bad 2 'dnsproof issue NAME' -- "$dnsproof" issue
bad 2 'no-such-option' -- issue example.test --no-such-option "${bind[@]}"
bad 2 '--dns' -- issue www.example.test
bad 2 'no-such-provider' -- issue www.example.test --dns no-such-provider
bad 2 'server' -- issue www.example.test --dns rfc2136 --set "$key"
bad 2 'colour' -- issue www.example.test "${bind[@]}" --set colour=blue
bad 2 'key' 'file:|env:' -- issue www.example.test --dns rfc2136 --set "server=$LAB_BIND" --set "key=hmac-sha256:acme:$tsig"
! grep -qF "$tsig" "$out" || fail "the secret was printed"
bad 2 '/no/such/key' -- issue www.example.test --dns rfc2136 --set "server=$LAB_BIND" --set key=file:/no/such/key
cp "$LAB_TSIG_KEY" "$LAB_DIR/open.key"
chmod 644 "$LAB_DIR/open.key"
bad 2 'open\.key' 'chmod' -- issue www.example.test --dns rfc2136 --set "server=$LAB_BIND" --set "key=file:$LAB_DIR/open.key"
bad 2 'NO_SUCH_VARIABLE' -- issue www.example.test --dns rfc2136 --set "server=$LAB_BIND" --set key=env:NO_SUCH_VARIABLE
for name in 'exa mple.test' '-x.example.test' 'a..example.test' 'www.*.example.test' '*.*.example.test' '192.0.2.1' 'test' \
	"$(printf 'a%.0s' $(seq 64)).example.test" '../../etc/passwd'; do
	bad 2 "$(printf '%s' "$name" | sed 's/[.*]/[&]/g')" -- issue "${bind[@]}" -- "$name"
done
bad 2 'www\.example\.test' -- issue www.example.test WWW.example.test. "${bind[@]}"
bad 2 'www\.example\.test' '\*\.example\.test' -- issue www.example.test '*.example.test' "${bind[@]}"
bad 2 'no-such-zone\.test does not exist in test' 'check the spelling' -- issue www.no-such-zone.test "${bind[@]}"
(
	umask 077
	printf 'key "nobody" { algorithm hmac-sha256; secret "%s"; };\n' "$tsig" >"$LAB_DIR/unknown.key"
	printf 'key "acme" { algorithm hmac-sha256; secret "%s"; };\n' "$(openssl rand -base64 32)" >"$LAB_DIR/wrong.key"
	echo nonsense >"$LAB_DIR/nonsense.key"
)
bad 2 'nobody|BADKEY' "$LAB_BIND" -- issue www.example.test --dns rfc2136 --set "server=$LAB_BIND" --set "key=file:$LAB_DIR/unknown.key"
bad 2 'acme|BADSIG' "$LAB_BIND" -- issue www.example.test --dns rfc2136 --set "server=$LAB_BIND" --set "key=file:$LAB_DIR/wrong.key"
bad 2 'key' -- issue www.example.test --dns rfc2136 --set "server=$LAB_BIND" --set "key=file:$LAB_DIR/nonsense.key"
expect 1 issue www.example.test --timeout 5 --dns rfc2136 --set "server=$LAB_DEAD" --set "$key"
said '127\.0\.9\.9'
bad 2 '--cname-target' 'web\.val\.test' -- issue web.test "${pdns[@]}"

state=$LAB_DIR/state2
ca=(--ca "https://$LAB_DEAD:14000/dir" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos)
bad 1 '127\.0\.9\.9' -- issue www.example.test "${bind[@]}"
ca=(--ca "$LAB_CA" --agree-tos)
bad 2 '127\.0\.4\.1' '--ca-bundle' -- issue www.example.test "${bind[@]}"
ca=(--ca "$LAB_CA" --ca-bundle /no/such/bundle.pem --agree-tos)
bad 2 '/no/such/bundle\.pem' -- issue www.example.test "${bind[@]}"
state=$LAB_DIR/state3 # where nobody has agreed yet
ca=(--ca "$LAB_CA" --ca-bundle "$LAB_CA_BUNDLE")
bad 2 '--agree-tos' -- issue www.example.test "${bind[@]}"
ca=(--ca "http://$LAB_PEBBLE_IP:14000/dir" --agree-tos)
bad 2 'https' -- issue www.example.test "${bind[@]}"
ca=(--ca nonsense --agree-tos)
bad 2 'nonsense' -- issue www.example.test "${bind[@]}"
ca=(--ca "https://$LAB_PEBBLE_IP:15000/roots/0" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos)
bad 1 'directory' -- issue www.example.test "${bind[@]}"
ca=(--ca "$LAB_CA" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos)
bad 2 'purple' -- issue www.example.test --key-type purple "${bind[@]}"
bad 2 '--ttl' -- issue www.example.test --ttl -1 "${bind[@]}"
bad 2 '--wait-for' -- issue www.example.test --wait-for some "${bind[@]}"
bad 2 'resolver' -- "$dnsproof" issue www.example.test "${ca[@]}" --state "$state" --resolver nonsense "${bind[@]}"
mapfile -t names < <(printf 'n%03d.example.test\n' $(seq 101))
bad 2 '100' -- issue "${names[@]}" "${bind[@]}"

mkdir "$LAB_DIR/readonly"
mount -t tmpfs -o ro,size=1m tmpfs "$LAB_DIR/readonly"
state=$LAB_DIR/readonly/state
bad 2 'readonly' -- issue www.example.test "${bind[@]}"
echo a file >"$LAB_DIR/file"
state=$LAB_DIR/file
bad 2 "$LAB_DIR/file" -- issue www.example.test "${bind[@]}"

# Nothing was damaged by all this.
state=$LAB_DIR/state
[ "$(readlink "$state/certs/example.test/live")" = "$live" ] || fail "the live link has changed"
check_pair example.test example.test '*.example.test'
no_leftover example.test www.example.test
no_txt "$LAB_PDNS" web.val.test
expect 0 clean
no_process_left
