#!/bin/bash
# dnsproof-provider --try for authors: add, list, del, check against BIND.
. "$(dirname "$0")/functions.sh"

provider=$DNSPROOF_INST/bin/dnsproof-provider
value=LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ
name=_acme-challenge.example.test
try() { # OP ARG...
	"$provider" --try rfc2136 --set "server=$LAB_BIND" --set "key=file:$LAB_TSIG_KEY" "$@"
}
put_txt "$LAB_ADMIN_KEY" "$LAB_BIND" example.test $name somebody-else
expect 0 try check example.test $name
for i in 1 2; do
	expect 0 try add example.test $name $value
	[ "$(count_txt "$LAB_BIND" $name)" = 2 ] || fail "add $i: $(txt_at "$LAB_BIND" $name)"
done
expect 0 try list example.test $name
said "$value" somebody-else
for i in 1 2; do
	expect 0 try del example.test $name $value
	[ "$(txt_at "$LAB_BIND" $name)" = somebody-else ] || fail "del $i: $(txt_at "$LAB_BIND" $name)"
done
expect 1,2 try add example.test www.example.test $value
said --cname-target
[ "$(count_txt "$LAB_BIND" www.example.test)" = 0 ] || fail "written where it is not allowed"
