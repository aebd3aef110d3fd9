#!/bin/bash
# A descriptor against the real thing: PowerDNS's HTTP API. Apex and wildcard in one record set, a stranger's value in it too.
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

(umask 077 && echo lab >"$LAB_DIR/api.key")
api=(--dns pdns --set "url=http://$LAB_PDNS:8081" --set "key=file:$LAB_DIR/api.key")
foreign=foreign-value-of-somebody-else

put_txt "$LAB_VAL_KEY" "$LAB_PDNS" val.test _acme-challenge.val.test "$foreign"
expect 0 issue val.test '*.val.test' "${api[@]}" -v
check_pair val.test val.test '*.val.test'
[ "$(txt_at "$LAB_PDNS" _acme-challenge.val.test)" = "$foreign" ] || fail "the stranger's value is not alone: $(txt_at "$LAB_PDNS" _acme-challenge.val.test)"

expect 1,2 issue www.example.test "${api[@]}"
said 'example\.test' 'no DNS account serves'
(umask 077 && echo wrong >"$LAB_DIR/wrong.key")
expect 1,2 issue www.val.test --dns pdns --set "url=http://$LAB_PDNS:8081" --set "key=file:$LAB_DIR/wrong.key"
said 'pdns refused the key from .*/wrong\.key for val\.test' 'HTTP 401'
no_txt "$LAB_PDNS" _acme-challenge.www.val.test
no_process_left
