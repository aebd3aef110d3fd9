#!/bin/bash
# Values of somebody else at the same name survive every run (100 with FULL=1).
# lab: PEBBLE_AUTHZREUSE=0
# minutes: 12
. "$(dirname "$0")/functions.sh"

name=_acme-challenge.example.test
# A run waits as long as the CA may hold what the one before let it see: the TTL of the others, which ours do not change.
for i in 1 2 3; do put_txt "$LAB_ADMIN_KEY" "$LAB_BIND" example.test $name "somebody-else-$i" 2; done
before=$(txt_at "$LAB_BIND" $name)
runs=10
[ -z "$full" ] || runs=100
for ((i = 1; i <= runs; i++)); do
	expect 0 issue example.test '*.example.test' --force "${bind[@]}" >/dev/null
	[ "$(txt_at "$LAB_BIND" $name)" = "$before" ] || fail "run $i: the values are now $(txt_at "$LAB_BIND" $name)"
done
check_pair example.test example.test '*.example.test'
echo "$runs runs"
