#!/bin/bash
# One certificate with two key types: one validation, one generation; nginx serves both; killed between both; renewal.
# lab: PEBBLE_AUTHZREUSE=100
# once
. "$(dirname "$0")/functions.sh"

serial() { openssl x509 -in "$state/certs/$1/live/${2:-}cert.pem" -noout -serial; }
check_second() { # ID SUBFOLDER: its pair is right
	local live=$state/certs/$1/live
	openssl verify -CAfile "$LAB_DIR/root.pem" -untrusted "$live/$2/chain.pem" "$live/$2/cert.pem" >/dev/null || fail "$1: the chain in $2 is wrong"
	[ "$(openssl x509 -in "$live/$2/cert.pem" -noout -pubkey)" = "$(openssl pkey -in "$live/$2/privkey.pem" -pubout)" ] || fail "$1: the key in $2 is another one"
	[ "$(openssl x509 -in "$live/$2/cert.pem" -noout -ext subjectAltName)" = "$(openssl x509 -in "$live/cert.pem" -noout -ext subjectAltName)" ] || fail "$1: other names in $2"
}
key_of() { openssl x509 -in "$state/certs/$1/live/${2:-}cert.pem" -noout -text | sed -n 's/.*Public Key Algorithm: //p'; }

expect 2 issue z001.test --key-type p256,p384 "${bind[@]}"
said '--key-type: p256 and p384, expected one EC and one RSA key type'

expect 0 issue example.test '*.example.test' --key-type p256,rsa2048 "${bind[@]}"
said 'certificate \(p256 and rsa2048\) published in '
check_pair example.test example.test '*.example.test'
check_second example.test rsa
[ "$(key_of example.test) $(key_of example.test rsa/)" = 'id-ecPublicKey rsaEncryption' ] || fail "keys of other types"
[ "$(find "$state/certs/example.test" -maxdepth 1 -name 'gen-*' | wc -l)" = 1 ] || fail "more than one generation"
[ "$(orders)" = 2 ] || fail "$(orders) orders"
[ "$(grep -c 'Pulled a task' "$LAB_DIR/log/pebble.log")" = 2 ] || fail "validated twice"
no_leftover example.test
expect 3 issue example.test '*.example.test' --key-type p256 --key-type rsa2048 --exit-unchanged "${bind[@]}"
[ "$(orders)" = 2 ] || fail "$(orders) orders"

# Both are served from the one folder.
live=$state/certs/example.test/live
server=(openssl s_server -quiet -accept 127.0.0.1:8443 -cert "$live/fullchain.pem" -key "$live/privkey.pem"
	-dcert "$live/rsa/fullchain.pem" -dkey "$live/rsa/privkey.pem" -www)
if command -v nginx >/dev/null; then
	mkdir "$LAB_DIR/nginx"
	cat >"$LAB_DIR/nginx/nginx.conf" <<-EOF
		daemon off; master_process off; user root;
		pid $LAB_DIR/nginx/pid; error_log $LAB_DIR/nginx/error.log;
		events {}
		http {
			access_log off;
			client_body_temp_path $LAB_DIR/nginx; proxy_temp_path $LAB_DIR/nginx; fastcgi_temp_path $LAB_DIR/nginx;
			uwsgi_temp_path $LAB_DIR/nginx; scgi_temp_path $LAB_DIR/nginx;
			server {
				listen 127.0.0.1:8443 ssl;
				ssl_certificate $live/fullchain.pem; ssl_certificate_key $live/privkey.pem;
				ssl_certificate $live/rsa/fullchain.pem; ssl_certificate_key $live/rsa/privkey.pem;
			}
		}
	EOF
	server=(nginx -p "$LAB_DIR/nginx" -c "$LAB_DIR/nginx/nginx.conf")
fi
"${server[@]}" >/dev/null 2>&1 &
serves() { # KEY ALGORITHMS: a client that knows only these gets a certificate with that key
	openssl s_client -connect 127.0.0.1:8443 -servername www.example.test -sigalgs "$2" -CAfile "$LAB_DIR/root.pem" </dev/null 2>/dev/null |
		openssl x509 -noout -text 2>/dev/null | grep -q "Public Key Algorithm: $1"
}
until_true 10 serves id-ecPublicKey ECDSA+SHA256 || fail "${server[0]} does not serve the EC key"
serves rsaEncryption RSA-PSS+SHA256:RSA+SHA256 || fail "${server[0]} does not serve the RSA key"
kill %1

# Renewed together, and the list says both.
old="$(serial example.test) $(serial example.test rsa/)"
expect 0 "$dnsproof" renew example.test --force --state "$state"
check_pair example.test example.test '*.example.test'
check_second example.test rsa
for part in $(serial example.test) $(serial example.test rsa/); do [[ $old != *"$part"* ]] || fail "$part is the old one"; done
[ "$(orders)" = 4 ] || fail "$(orders) orders"
[ "$("$dnsproof" status --json --state "$state" | jq -c '.certificates[0] | [.key_type, .state]')" = '[["p256","rsa2048"],"ok"]' ] ||
	fail "$("$dnsproof" status --json --state "$state")"

# A second type that is wanted later: the young first stays.
expect 0 issue www.example.test --key-type rsa2048 "${bind[@]}"
old=$(serial www.example.test)
expect 0 issue www.example.test --key-type rsa2048,p384 --change "${bind[@]}"
said 'certificate \(p384; the rsa2048 one there stays, valid until .*\) published'
check_pair www.example.test www.example.test
check_second www.example.test ecdsa
[ "$(serial www.example.test)" = "$old" ] || fail "the first was renewed, too"

if grep -aq DNSPROOF_STOP "$DNSPROOF_INST/libexec/dnsproof/dnsproof-engine"; then
	before=$(orders)
	DNSPROOF_STOP=finalize:2 expect 1,70 issue sub.example.test --key-type p256,rsa2048 "${bind[@]}"
	no_process_left
	[ ! -e "$state/certs/sub.example.test/live" ] || fail "half a certificate is published"
	expect 0 issue sub.example.test --key-type p256,rsa2048 "${bind[@]}"
	check_pair sub.example.test sub.example.test
	check_second sub.example.test rsa
	[ "$(orders)" = $((before + 2)) ] || fail "$(($(orders) - before)) orders"
	no_leftover sub.example.test
fi

expect 0 "$dnsproof" revoke example.test --reason superseded --state "$state"
[ "$(grep -c 'Revoked certificate\|revoked.*certificate\|revoke-cert' "$LAB_DIR/log/pebble.log")" -ge 2 ] || fail "not both were revoked"
