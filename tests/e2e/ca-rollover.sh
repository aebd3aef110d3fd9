#!/bin/bash
# dnsproof ca rollover: the account gets a new key, and after a kill at any step the next use finds which of the two it has.
. "$(dirname "$0")/functions.sh"

ca_do() { # TASK...
	"$dnsproof" ca "$@" --resolver "$LAB_RESOLVER" --state "$state"
}
killed_rollover() { # POINT: the engine kills itself there
	DNSPROOF_STOP=$1 ca_do rollover "$name"
}
public() { # FILE
	openssl pkey -in "$1" -pubout
}

expect 0 ca_do register "$LAB_CA" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos --email hostmaster@example.test
url=$(grep -o 'https://[^ ,]*' "$out" | head -n 1)
name=$(basename "$state"/ca/*.json .json)
key=$state/keys/$name.pem
first=$(public "$key")
expect 2 ca_do rollover nosuch
said 'there is no CA account nosuch'
expect 0 ca_do rollover "$name"
said 'the CA has the new key'
[ "$(public "$key")" != "$first" ] || fail "the key is the old one"
[ "$(public "$key.old")" = "$first" ] || fail "the old key is not kept"
[ ! -e "$key.next" ] || fail "the new key is there twice"
expect 0 ca_do show "$name"
said "$url, valid"
expect 0 issue example.test "${bind[@]}"
[ "$(accounts)" = 1 ] || fail "$(accounts) accounts"

needs_hooks
for point in keychange keychanged rolled; do
	echo "== killed at $point"
	before=$(public "$key")
	expect 1,70 killed_rollover "$point"
	no_process_left
	[ -e "$key.next" ] || fail "the new key was not written first"
	next=$(public "$key.next")
	expect 0 issue example.test "${bind[@]}" --force
	[ ! -e "$key.next" ] || fail "it is not known which key the account has"
	if [ "$point" = keychange ]; then
		said 'the CA has the old key; it stays'
		[ "$(public "$key")" = "$before" ] || fail "the key is another one"
		[ "$(public "$key.unused")" = "$next" ] || fail "the new key is not kept"
	else
		said 'the CA has the new key'
		[ "$(public "$key")" = "$next" ] || fail "the key is another one"
	fi
	expect 0 ca_do show "$name"
	said "$url, valid"
	[ "$(accounts)" = 1 ] || fail "$(accounts) accounts"
done

# While another run works with the present key.
start_group issue slow.example.test "${bind[@]}" --wait-for none --settle 60
until_true 30 grep -q 'order opened' "$out" || fail "no order: $(cat "$out")"
slow=$out out=$LAB_DIR/out.rollover
expect 4 ca_do rollover "$name"
said 'another dnsproof run is at work'
out=$slow
kill -INT -- "-$group"
wait_for "$group" 40
[ ! -e "$key.next" ] || fail "a key was made"
