#!/bin/bash
# The TSIG key as users of lego, acme.sh and an old dnssec-keygen have it: variables of one program alone, and files.
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

secret=$(sed -n 's/.*secret "\(.*\)".*/\1/p' "$LAB_TSIG_KEY") name=$(sed -n 's/^key "\(.*\)".*/\1/p' "$LAB_TSIG_KEY")
from() { # VARIABLE=VALUE... -- ARGUMENT...
	local variables=()
	while [ "$1" != -- ]; do
		variables+=("$1")
		shift
	done
	shift
	env "${variables[@]}" "$dnsproof" issue "$@" "${ca[@]}" --resolver "$LAB_RESOLVER" --state "$state"
}
grep -q hmac-sha256 "$LAB_TSIG_KEY" || fail "the lab's key has another algorithm"

for program in RFC2136 DNSUPDATE; do
	expect 0 from $program"_NAMESERVER=$LAB_BIND:53" $program"_TSIG_ALGORITHM=hmac-sha256." $program"_TSIG_KEY=$name." \
		$program"_TSIG_SECRET=$secret" -- example.test --dns rfc2136 --force
done
expect 0 from NSUPDATE_SERVER="$LAB_BIND" NSUPDATE_SERVER_PORT=53 NSUPDATE_KEY="$LAB_TSIG_KEY" NSUPDATE_ZONE=example.test \
	-- www.example.test --dns rfc2136
! grep -rqF "$secret" "$state" || fail "the secret is in the state folder"

# The key of another program's server is not used: the update is not signed, and that is told.
expect 1,2 from RFC2136_NAMESERVER="$LAB_BIND" NSUPDATE_KEY="$LAB_TSIG_KEY" -- web2.example.test --dns rfc2136 --timeout 10
said 'not signed'
# Half a set
expect 2 from RFC2136_NAMESERVER="$LAB_BIND" RFC2136_TSIG_KEY="$name" -- web2.example.test --dns rfc2136
said 'key_name \(env:RFC2136_TSIG_KEY\): key_secret is missing'

# dnssec-keygen's pair
half=$LAB_DIR/K$name.+163+12345.private
(umask 077 && printf 'Private-key-format: v1.3\nAlgorithm: 163 (HMAC_SHA256)\nKey: %s\nBits: AAA=\n' "$secret" >"$half")
printf '%s. IN KEY 512 3 163 %s\n' "$name" "$secret" >"${half%private}key"
expect 0 issue mail.example.test --dns rfc2136 --set "server=$LAB_BIND" --set "key=file:$half"
# The file is named in what is wrong with it.
(umask 077 && echo 'key "a" { secret ' >"$LAB_DIR/bad.key")
expect 2 issue web2.example.test --dns rfc2136 --set "server=$LAB_BIND" --set "key=file:$LAB_DIR/bad.key"
said "key \\(file:$LAB_DIR/bad.key\\): "
no_leftover example.test www.example.test mail.example.test web2.example.test
