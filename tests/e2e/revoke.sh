#!/bin/bash
# dnsproof revoke: by the CA account, by the certificate's own key, and for a compromised key: a new certificate first, then every valid one of the old key.
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

revoke() { # WHICH... OPTION...
	"$dnsproof" revoke "$@" --resolver "$LAB_RESOLVER" --state "$state"
}
renew() {
	"$dnsproof" renew "$@" --state "$state"
}
serial() { # FILE
	openssl x509 -in "$1" -noout -serial | sed 's/.*=0*//' | tr 'A-Z' 'a-z'
}
status_of() { # SERIAL: what the CA says, Valid or Revoked (with its reason)
	curl -sf --cacert "$LAB_CA_BUNDLE" "$LAB_CA_MGMT/cert-status-by-serial/$1" | tr -d '\n '
}
is_revoked() { # SERIAL
	status_of "$1" | grep -q '"Status":"Revoked"' || fail "$1: $(status_of "$1")"
}
is_valid() { # SERIAL
	status_of "$1" | grep -q '"Status":"Valid"' || fail "$1: $(status_of "$1")"
}
live() { # ID FILE
	echo "$state/certs/$1/live/$2"
}

expect 0 issue example.test "${bind[@]}"
expect 0 issue www.example.test "${bind[@]}"
first=$(serial "$(live example.test cert.pem)")

expect 2 revoke --reason superseded
said 'which certificates\?'
expect 2 revoke example.test
said 'why\? add --reason unspecified, keyCompromise'
expect 2 revoke nosuch.test --reason superseded
said 'no certificate has the ID or name nosuch.test'
expect 2 revoke '*' --reason superseded
said 'this would revoke 2 certificates; add --yes 2'
expect 2 revoke '*' --reason superseded --yes 3
said 'this would revoke 2 certificates, not 3; nothing is revoked'
is_valid "$first"

# By the account. What is published is due then.
expect 0 revoke example.test --reason superseded
said 'example.test: revoked' 'the next dnsproof renew replaces it'
is_revoked "$first"
[ -z "$(ls "$state/revocations")" ] || fail "still owed: $(ls "$state/revocations")"
expect 0 revoke example.test --reason superseded
said 'was revoked already'
before=$(orders)
expect 0 renew
said 'the certificate there is revoked'
check_pair example.test example.test
second=$(serial "$(live example.test cert.pem)")
is_valid "$second"
[ $(($(orders) - before)) = 1 ] || fail "$(($(orders) - before)) orders"
expect 0 renew
[ $(($(orders) - before)) = 1 ] || fail "it is not due again"

# Any file, by the account or by its key; what was revoked elsewhere is done.
cp "$(live www.example.test fullchain.pem)" "$LAB_DIR/copy.pem"
cp "$(live example.test privkey.pem)" "$LAB_DIR/other.key"
cp "$(live www.example.test privkey.pem)" "$LAB_DIR/copy.key"
expect 1,2 revoke --file "$LAB_DIR/copy.pem" --key "$LAB_DIR/other.key" --reason cessationOfOperation
said 'the private key is not that of the certificate'
www=$(serial "$LAB_DIR/copy.pem")
is_valid "$www"
expect 0 revoke --file "$LAB_DIR/copy.pem" --key "$LAB_DIR/copy.key" --reason cessationOfOperation
is_revoked "$www"
expect 0 revoke www.example.test --reason unspecified
said 'www.example.test: was revoked already'
expect 2 revoke --file "$LAB_DIR/copy.key" --reason unspecified
said 'holds no certificate in PEM form'

# A compromised key: another certificate is published before this one is revoked, and its key is barred.
key=$(openssl pkey -in "$(live example.test privkey.pem)" -pubout -outform DER | sha256sum | cut -d' ' -f1)
before=$(orders)
expect 0 revoke example.test --reason keyCompromise
said 'example.test: revoked'
is_revoked "$second"
[ $(($(orders) - before)) = 1 ] || fail "$(($(orders) - before)) orders"
third=$(serial "$(live example.test cert.pem)")
is_valid "$third"
[ -e "$state/keys/barred/$key" ] || fail "the key is not barred"
check_pair example.test example.test

# No new certificate, no revocation yet; --revoke-first turns that round.
mv "$LAB_TSIG_KEY" "$LAB_TSIG_KEY.away"
expect 1,2 revoke example.test --reason keyCompromise
said 'there is no new certificate, so the old one is not revoked yet'
is_valid "$third"
[ -n "$(ls "$state/revocations")" ] || fail "it is forgotten"
expect 1,2 revoke example.test --reason keyCompromise --revoke-first
is_revoked "$third"
mv "$LAB_TSIG_KEY.away" "$LAB_TSIG_KEY"
expect 0 renew --retry
is_valid "$(serial "$(live example.test cert.pem)")"
check_pair example.test example.test
[ -z "$(ls "$state/revocations")" ] || fail "still owed: $(ls "$state/revocations")"
# A CA that is not there: the revocation is owed, and the next run sees to it.
account=$(echo "$state"/ca/*.json)
cp "$account" "$LAB_DIR/account.json"
sed 's|{|{"proxy": "http://127.0.0.1:1",|' "$LAB_DIR/account.json" >"$account"
last=$(serial "$(live example.test cert.pem)")
expect 5 revoke example.test --reason affiliationChanged
said 'example.test: not revoked yet: .*dnsproof renew or dnsproof clean tries it again'
[ -n "$(ls "$state/revocations")" ] || fail "it is forgotten"
is_valid "$last"
cp "$LAB_DIR/account.json" "$account"
expect 0 clean
said 'example.test: revoked'
is_revoked "$last"
[ -z "$(ls "$state/revocations")" ] || fail "still owed: $(ls "$state/revocations")"
no_leftover example.test www.example.test
