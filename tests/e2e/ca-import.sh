#!/bin/bash
# dnsproof ca import: the account of another client goes on by its key, PEM or JWK; what is wrong with the key is told and leaves
# nothing, and a kill at any step leaves the whole account or none.
. "$(dirname "$0")/functions.sh"

ca_do() { # TASK...
	"$dnsproof" ca "$@" --resolver "$LAB_RESOLVER" --state "$state"
}
import() { # KEY [OPTION...]
	local key=$1
	shift
	ca_do import "$LAB_CA" --ca-bundle "$LAB_CA_BUNDLE" --key "$key" "$@"
}
nothing_kept() {
	[ -z "$(ls "$state/keys" "$state/ca" | grep '\.pem\|\.json')" ] || fail "something is kept: $(ls -R "$state/keys" "$state/ca")"
}
as_jwk() { # RSA-KEY: as certbot keeps it
	openssl rsa -in "$1" -noout -text 2>/dev/null | python3 -c '
import base64, json, re, sys
names = {"modulus": "n", "privateExponent": "d", "prime1": "p", "prime2": "q", "exponent1": "dp", "exponent2": "dq", "coefficient": "qi"}
jwk = {"kty": "RSA", "e": "AQAB"}
for name, digits in re.findall(r"^(\w+):\n((?: +[0-9a-f:]+\n)+)", sys.stdin.read(), re.M):
    number = bytes.fromhex(re.sub(r"[\s:]", "", digits)).lstrip(b"\0")
    jwk[names[name]] = base64.urlsafe_b64encode(number).decode().rstrip("=")
json.dump(jwk, sys.stdout)'
}

register() { # STATE: prints the account's URL
	"$dnsproof" ca register "$LAB_CA" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos --resolver "$LAB_RESOLVER" --state "$1" |
		grep -o 'https://[^ ,]*' | head -n 1
}

# The accounts of two other clients: an EC key as lego writes it, and certbot's RSA key.
umask 077
ec=$(register "$LAB_DIR/other1")
name=$(basename "$LAB_DIR"/other1/ca/*.json .json)
openssl ec -in "$LAB_DIR/other1/keys/$name.pem" -out "$LAB_DIR/lego.key" 2>"$LAB_DIR/log/openssl"
mkdir -p "$LAB_DIR/other2/keys"
openssl genrsa -out "$LAB_DIR/other2/keys/$name.pem" 2048 2>>"$LAB_DIR/log/openssl"
rsa=$(register "$LAB_DIR/other2")
as_jwk "$LAB_DIR/other2/keys/$name.pem" >"$LAB_DIR/private_key.json"
openssl ecparam -name prime256v1 -genkey -noout -out "$LAB_DIR/nobody.key"
[ "$(accounts)" = 2 ] || fail "$(accounts) accounts"

# What cannot be imported, and leaves nothing.
expect 2 ca_do import "$LAB_CA"
said 'add --key FILE: certbot'
expect 2 ca_do show "$LAB_CA" --key "$LAB_DIR/lego.key"
said '--key is for dnsproof ca import'
expect 2 import "$LAB_DIR/nosuch"
said "--key: .*$LAB_DIR/nosuch: No such file"
(umask 022 && cp "$LAB_DIR/lego.key" "$LAB_DIR/readable.key" && chmod 644 "$LAB_DIR/readable.key")
expect 2 import "$LAB_DIR/readable.key"
said "can be read by everyone .*chmod 640"
cp "$LAB_CA_BUNDLE" "$LAB_DIR/cert.pem"
expect 2 import "$LAB_DIR/cert.pem"
said 'holds no private key in PEM form'
expect 2 import "$LAB_DIR/nobody.key"
said 'this CA has no account of this key'
nothing_kept

# Killed at a step, and again.
if grep -aq DNSPROOF_STOP "$DNSPROOF_INST/libexec/dnsproof/dnsproof-engine"; then
	DNSPROOF_STOP=import expect 1,70 import "$LAB_DIR/lego.key"
	no_process_left
	nothing_kept
	DNSPROOF_STOP=imported expect 1,70 import "$LAB_DIR/lego.key"
	no_process_left
	[ -e "$state/keys/$name.pem" ] || fail "the key is not there"
fi
expect 0 import "$LAB_DIR/lego.key"
said "$ec, valid" "CAA 0 issue .*accounturi=$ec"
[ "$(stat -c %a "$state/keys/$name.pem")" = 600 ] || fail "the key has other modes"
expect 0 import "$LAB_DIR/lego.key" # again is fine
expect 0 issue example.test "${bind[@]}"
expect 0 ca_do show "$name"
said "$ec, valid"
expect 2 import "$LAB_DIR/private_key.json"
said 'has another key already.*dnsproof ca deactivate'
expect 0 ca_do show "$name"
said "$ec, valid"

# The name of the configuration.
mkdir "$LAB_DIR/conf"
cat >"$LAB_DIR/conf/dnsproof.yaml" <<Y
ca:
  lab: {directory: '$LAB_CA', ca_bundle: $LAB_CA_BUNDLE, agree_tos: yes}
certificates: {}
Y
expect 0 ca_do import lab --key "$LAB_DIR/private_key.json" --config "$LAB_DIR/conf"
said "CA account lab at .*: $rsa, valid"
expect 0 ca_do show lab
said "$rsa, valid"
[ "$(accounts)" = 2 ] || fail "$(accounts) accounts"
