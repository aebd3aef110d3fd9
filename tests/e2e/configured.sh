#!/bin/bash
# A configuration: certificates from YAML and a list file, one delegated into another account's zone, are got by renew, kept, and
# got anew by force; a mistake in it stops what it describes, and nothing else.
. "$(dirname "$0")/functions.sh"

conf=$LAB_DIR/conf
mkdir "$conf"
cat >"$conf/dnsproof.yaml" <<Y
defaults:
  ca: lab
  resolver: '$LAB_RESOLVER'
ca:
  lab: {directory: '$LAB_CA', ca_bundle: $LAB_CA_BUNDLE, agree_tos: yes, email: hostmaster@example.test, source_address: 127.0.0.5}
dns:
  bind: {provider: rfc2136, set: {server: $LAB_BIND, key: 'file:$LAB_TSIG_KEY'}, source_address: 127.0.0.6, address_family: ipv4}
  valid: {provider: rfc2136, set: {server: $LAB_PDNS, key: 'file:$LAB_VAL_KEY'}, zone: val.test, cname_target: '**.val.test'}
certificates:
  example.test: example.test *.example.test
  rsa:
    name: www.example.test
    key_type: rsa2048
lists:
  - {file: $conf/list, line_keys: [key_type]}
Y
printf '%s\n' '# one a line' 'z001.test www.z001.test' 'z002.test > two key_type=p384' >"$conf/list"
renew() {
	"$dnsproof" renew "$@" --config "$conf" --state "$state"
}

expect 0 "$dnsproof" config check --config "$conf"
said '4 certificates, 1 CA account, 2 DNS accounts'
expect 0 renew
for id in example.test rsa z001.test two; do
	said "$id: certificate published"
done
check_pair example.test example.test '*.example.test'
check_pair rsa www.example.test
check_pair z001.test z001.test www.z001.test
check_pair two z002.test
openssl x509 -in "$state/certs/rsa/live/cert.pem" -noout -text | grep -q 'rsaEncryption' || fail "no RSA key"
openssl x509 -in "$state/certs/two/live/cert.pem" -noout -text | grep -q 'P-384' || fail "no P-384 key"
no_leftover example.test www.example.test z001.test www.z001.test z002.test
grep -q " 127.0.0.6#[0-9]*/key acme: updating zone 'example.test/IN'" "$LAB_DIR/log/bind.log" || fail "BIND was not asked from 127.0.0.6"
[ "$(accounts)" = 1 ] || fail "$(accounts) CA accounts"

# Nothing is due: silence, and nobody is asked.
made=$(orders)
expect 0 renew
[ ! -s "$out" ] || fail "not silent"
[ "$(orders)" = "$made" ] || fail "an order more"

# One of them by its ID, as it is configured.
expect 0 "$dnsproof" issue two --force --config "$conf" --state "$state"
check_pair two z002.test
expect 2 "$dnsproof" issue two --key-type p256 --config "$conf" --state "$state"
said "$conf/list:3"

# Other names are due by themselves.
sed -i 's/^z001.test www/z001.test ftp.z001.test www/' "$conf/list"
expect 0 renew
check_pair z001.test z001.test ftp.z001.test www.z001.test
not_said 'two: certificate'

# A pair that was damaged or deleted by hand is made again, and only that.
made=$(orders)
: >"$state/certs/rsa/live/fullchain.pem"
rm -r "$state/certs/two"
expect 0 renew
said 'rsa: certificate published' 'two: certificate published'
check_pair rsa www.example.test
check_pair two z002.test
[ "$(orders)" = $((made + 2)) ] || fail "$(orders) orders"

# What left the list is not renewed, whatever became of its files; what comes back is looked at.
sed -i 's/^z002.test/#&/' "$conf/list"
rm -r "$state/certs/two"
expect 0 renew
[ ! -s "$out" ] || fail "not silent"
sed -i 's/^#z002.test/z002.test/' "$conf/list"
expect 0 renew
said 'two: certificate published'

# A wrong line leaves its certificate as it is, an error in YAML all of them; both are told.
echo 'z003.test key_typ=p256' >>"$conf/list"
expect 1 renew
said "$conf/list:4: .*key_typ"
echo 'certficates: {}' >>"$conf/dnsproof.yaml"
expect 2 renew
said "dnsproof.yaml:[0-9]*: .*did you mean certificates"
said 'going on with the configuration of'
made=$(orders)
expect 2 renew rsa z001.test --force
said 'rsa: certificate published'
said 'z001.test: certificate published'
check_pair z001.test z001.test ftp.z001.test www.z001.test
[ "$(orders)" = $((made + 2)) ] || fail "$(($(orders) - made)) orders, expected 2"
expect 0 "$dnsproof" issue rsa --config "$conf" --state "$state"
said 'going on with the configuration of' 'rsa: already have a certificate'
expect 2 "$dnsproof" remove rsa --config "$conf" --state "$state"
said 'going on with the configuration of' 'certificate rsa is configured \(.*; take it out there first'

# A file that is cut: nothing leaves.
sed -i '/certficates/d' "$conf/dnsproof.yaml"
printf 'z001.te' >"$conf/list"
expect 1 renew
said 'its previous lines stay in force'
expect 1 renew two --force
said 'two: certificate published'

# issue by the names of the accounts: what is remembered follows the configuration, and goes on when they have left it.
printf '%s\n' 'z001.test ftp.z001.test www.z001.test' 'z002.test > two key_type=p384' >"$conf/list"
named() { # COMMAND...
	"$dnsproof" "$@" --config "$conf" --state "$state"
}
unchanged() {
	[ ! -e "$state/issued/z003.test.json" ] || fail "z003.test is remembered"
	[ "$(orders)" = "$made" ] || fail "$(($(orders) - made)) orders, expected none"
}
made=$(orders)
expect 2 named issue z003.test --ca lab --dns bind --set server="$LAB_BIND"
said "--set: DNS account bind is configured \($conf/dnsproof.yaml:7\); change it there"
expect 2 named issue z003.test --ca lab --email me@example.test --dns bind
said "--email: CA account lab is configured \($conf/dnsproof.yaml:5\); change it there"
expect 2 named issue z003.test --ca labb --dns bind
said '--ca labb: type letsencrypt, .*; the configuration has lab'
expect 2 named issue z003.test --ca lab --dns bindd
said "there is no provider 'bindd'"
unchanged
expect 0 named issue z003.test --ca lab --dns bind --resolver "$LAB_RESOLVER"
check_pair z003.test z003.test
[ "$(accounts)" = 1 ] || fail "$(accounts) CA accounts"
expect 0 named issue z003.test
said 'already have a certificate'

key=$LAB_DIR/moved.key
(umask 077 && cp "$LAB_TSIG_KEY" "$key")
sed -i "s#^  bind: .*#  bind: {provider: rfc2136, set: {server: $LAB_BIND, key: 'file:$key'}}#" "$conf/dnsproof.yaml"
expect 0 named renew z003.test --force
said 'z003.test: certificate published'
[ "$(grep -l "moved.key" "$state"/dns/*.json)" = "$state/dns/$(jq -r '.dns[0]' "$state/issued/z003.test.json").json" ] ||
	fail "not by the account as it is now: $(cat "$state/issued/z003.test.json")"

sed -i 's/^  bind:/  other:/' "$conf/dnsproof.yaml"
expect 0 named renew z003.test --force
said 'DNS account bind is not in the configuration any more' 'z003.test: certificate published'
rm "$key"
expect 1,2 named renew z003.test --force
said 'moved.key'
not_said 'z003.test: certificate published'
no_leftover z003.test
