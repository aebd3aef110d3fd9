#!/bin/bash
# Real scripts of Debian's acme.sh package: over PowerDNS's HTTP API, and one that removes every value at a name.
# needs: acme-sh
. "$(dirname "$0")/functions.sh"

script=(--dns acmesh --set "home=$LAB_ACMESH")
(umask 077 && echo "SAVED_PDNS_Token='lab'" >"$LAB_DIR/account.conf")
name=_acme-challenge.val.test
put_txt "$LAB_VAL_KEY" "$LAB_PDNS" val.test $name somebody-else
find "$LAB_ACMESH" | sort >"$LAB_DIR/before"
expect 0 issue val.test '*.val.test' "${script[@]}" --set script=dns_pdns \
	--set "settings=PDNS_Url=http://$LAB_PDNS:8081 PDNS_ServerId=localhost" --set "environment=file:$LAB_DIR/account.conf"
check_pair val.test val.test '*.val.test'
[ "$(txt_at "$LAB_PDNS" $name)" = somebody-else ] || fail "the values are now $(txt_at "$LAB_PDNS" $name)"
find "$LAB_ACMESH" | sort | diff "$LAB_DIR/before" - || fail "something was written beside acme.sh"

nsupdate=(--set script=dns_nsupdate --set "settings=NSUPDATE_SERVER=$LAB_PDNS NSUPDATE_KEY=$LAB_VAL_KEY NSUPDATE_ZONE=val.test")
expect 1,2 issue web.test '*.web.test' "${script[@]}" "${nsupdate[@]}" --cname-target web.val.test
said 'dns_nsupdate_rm\(\) ignores the value.*accept_value_blind=yes'
expect 0 issue web.test '*.web.test' "${script[@]}" "${nsupdate[@]}" --cname-target web.val.test --set accept_value_blind=yes
check_pair web.test web.test '*.web.test'
no_txt "$LAB_PDNS" web.val.test

expect 1 "$dnsproof-provider" --try acmesh --set "home=$LAB_ACMESH" --set script=dns_pdns \
	--set "settings=PDNS_Url=http://$LAB_PDNS:1 PDNS_ServerId=localhost" --set "environment=file:$LAB_DIR/account.conf" \
	add val.test _acme-challenge.val.test abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG
said 'temp: .*dns_pdns.sh add: exit code 1: '
