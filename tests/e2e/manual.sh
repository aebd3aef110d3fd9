#!/bin/bash
# A person creates what the provider manual shows; here one that reads the event stream.
. "$(dirname "$0")/functions.sh"

# Does what an operator does: creates each record as it is asked for.
person() {
	local line
	while read -r line; do
		[ "$(jq -r .event <<<"$line")" = action ] || continue
		jq -r '"server '"$LAB_BIND"'\nzone \(.zone)\nupdate \(.op) \(.owner). \(if .op == "add" then .ttl else "" end) TXT \(.value)\nsend"' <<<"$line" |
			nsupdate -k "$LAB_TSIG_KEY" || echo "nsupdate failed"
		jq -r .message <<<"$line"
	done
}
issue example.test '*.example.test' --json --dns manual 2>"$LAB_DIR/errors" | tee "$LAB_DIR/events" | person >"$LAB_DIR/person"
cat "$LAB_DIR/events" "$LAB_DIR/errors" "$LAB_DIR/person"
check_pair example.test example.test '*.example.test'
no_leftover example.test
[ "$(grep -c '^create this record now.*_acme-challenge.example.test. 60 IN TXT "' "$LAB_DIR/person")" = 2 ] || fail "not two to create"
[ "$(grep -c '^you may remove this record now' "$LAB_DIR/person")" = 2 ] || fail "not two to remove"

# Nobody comes: it ends in time, and says where the record is missing.
expect 1,2 issue www.example.test --timeout 3 --dns manual
said '^create this record now.*_acme-challenge.www.example.test'
