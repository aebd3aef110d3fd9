#!/bin/bash
# Every key type, normalised names, an ID of its own, the CA by its name.
. "$(dirname "$0")/functions.sh"

for type in p256 p384 rsa2048 rsa3072 rsa4096; do
	expect 0 issue EXAMPLE.test. '*.Example.Test' --id "of-$type" --key-type $type "${bind[@]}"
	check_pair "of-$type" example.test '*.example.test'
	openssl pkey -in "$state/certs/of-$type/live/privkey.pem" -noout -text | head -n 1
done
ca=(--ca "$LAB_CA_NAMED" --ca-bundle "$LAB_CA_BUNDLE" --agree-tos)
expect 0 issue www.example.test --email a@example.test "${bind[@]}"
check_pair www.example.test www.example.test
no_leftover example.test www.example.test
