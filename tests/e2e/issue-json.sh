#!/bin/bash
# --json: every line an object with an event.
. "$(dirname "$0")/functions.sh"

issue example.test '*.example.test' --json "${bind[@]}" >"$out.json" 2>"$out"
cat "$out.json" "$out"
[ "$(wc -l <"$out.json")" -gt 3 ] || fail "hardly a line"
jq -e -s 'all(.[]; type == "object" and has("event"))' "$out.json" >/dev/null || fail "not one event a line"
check_pair example.test example.test '*.example.test'
