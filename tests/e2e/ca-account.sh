#!/bin/bash
# dnsproof ca: an account is registered, shown, given another contact and deactivated; no run without such a task may do that.
. "$(dirname "$0")/functions.sh"

ca_do() { # TASK...
	"$dnsproof" ca "$@" --resolver "$LAB_RESOLVER" --state "$state"
}

expect 2 ca_do
said 'needs list, show, register'
expect 0 ca_do list
said 'no CA account yet'
expect 2 ca_do register "$LAB_CA" --ca-bundle "$LAB_CA_BUNDLE"
said 'you have not agreed to the terms of service'
expect 0 ca_do register "$LAB_CA" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos --email hostmaster@example.test
said 'https://.*, valid' 'CAA 0 issue "[a-zA-Z.]*; accounturi=https://'
[ "$(accounts)" = 1 ] || fail "$(accounts) accounts"
name=$(basename "$state"/ca/*.json .json)
expect 0 ca_do list
said "^$name .*hostmaster@example.test"
expect 2 ca_do show nosuch
said 'there is no CA account nosuch; dnsproof ca list'
expect 0 ca_do show "$LAB_CA"
said "CA account $name at .*: https://.*, valid"

expect 2 ca_do update "$name"
said 'add --email ADDR'
expect 0 ca_do update "$name" --email new@example.test
expect 0 ca_do list
said 'new@example.test'

# The account is the one that certificates are made with; as long as there are such it stays.
expect 0 issue example.test "${bind[@]}"
[ "$(accounts)" = 1 ] || fail "$(accounts) accounts"
expect 2 ca_do deactivate "$name"
said "used by 1 certificate \(example.test\)"
rm "$state/issued/example.test.json"
expect 0 ca_do deactivate "$name"
said ', deactivated'
[ -e "$state/keys/$name.pem.deactivated" ] && [ ! -e "$state/keys/$name.pem" ] || fail "the key: $(ls "$state/keys")"
expect 0 ca_do list
said 'no CA account yet'

# The key of a deactivated account is not taken for a lost one: show makes no account.
expect 0 ca_do register "$LAB_CA" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos
rm "$state/keys/$name.pem"
expect 2 ca_do show "$name"
said 'no account for the key.*dnsproof ca register'
[ "$(accounts)" = 2 ] || fail "$(accounts) accounts"

# account_uri: no other account is used, and none is made.
before=$(accounts) other=$LAB_DIR/other conf=$LAB_DIR/pinned.yaml state=$LAB_DIR/pinned
expect 0 "$dnsproof" ca register "$LAB_CA" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos --resolver "$LAB_RESOLVER" --state "$other"
uri=$(sed -n 's/.*: \(https:[^,]*\), valid.*/\1/p' "$out") key=$(ls "$other"/keys/*.pem)
cat >"$conf" <<Y
defaults: {resolver: '$LAB_RESOLVER'}
ca:
  pinned: {directory: '$LAB_CA', ca_bundle: $LAB_CA_BUNDLE, agree_tos: yes, account_uri: '$uri'}
dns:
  bind: {provider: rfc2136, set: {server: $LAB_BIND, key: 'file:$LAB_TSIG_KEY'}}
certificates:
  example.test: {}
Y
pinned() { # COMMAND...
	"$dnsproof" "$@" --config "$conf" --state "$state"
}
expect 2 pinned renew
said "CA account pinned has no key yet, and none is made, as its account_uri is $uri; dnsproof ca import pinned --key FILE"
expect 0 pinned ca import pinned --key "$key"
made=$(orders)
expect 0 pinned renew
check_pair example.test example.test
[ "$(orders)" = $((made + 1)) ] || fail "$(orders) orders"
[ "$(accounts)" = $((before + 1)) ] || fail "$(accounts) accounts"
sed -i "s|account_uri: '.*'|account_uri: '${uri}0'|" "$conf"
expect 2 pinned renew --force example.test
said "the key of CA account pinned has the account $uri, not ${uri}0 of its account_uri"
[ "$(orders)" = $((made + 1)) ] || fail "$(orders) orders"
