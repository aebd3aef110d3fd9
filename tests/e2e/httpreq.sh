#!/bin/bash
# The httpreq provider asks a service that lego could ask too.
. "$(dirname "$0")/functions.sh"

python3 "$(dirname "$0")/httpreq-server.py" "$LAB_DIR/port" "$LAB_TSIG_KEY" "$LAB_BIND" example.test "acme:canary-3f9Kq" \
	>"$LAB_DIR/log/httpreq.log" 2>&1 &
until_true 10 test -e "$LAB_DIR/port" || fail "the service does not start: $(cat "$LAB_DIR/log/httpreq.log")"
port=$(cat "$LAB_DIR/port")
(umask 077 && echo canary-3f9Kq >"$LAB_DIR/password" && echo canary-wrong1 >"$LAB_DIR/wrong")
service=(--dns httpreq --set "endpoint=http://127.0.0.1:$port/dns/" --set username=acme)

expect 0 issue example.test '*.example.test' "${service[@]}" --set "password=file:$LAB_DIR/password" -vv
not_said canary-3f9Kq
check_pair example.test example.test '*.example.test'
no_leftover example.test

expect 1,2 issue www.example.test --timeout 10 "${service[@]}" --set "password=file:$LAB_DIR/wrong"
said '401.*who are you'
not_said canary-wrong1
expect 1,2 issue www.example.test --timeout 10 --dns httpreq --set "endpoint=http://127.0.0.1:$port/elsewhere" \
	--set username=acme --set "password=file:$LAB_DIR/password"
said "HTTP 404.*asked: http://127.0.0.1:$port/elsewhere/present"
expect 1,2 issue www.example.test --timeout 10 "${service[@]}" --set "password=file:$LAB_DIR/password" --set mode=RAW
said 'RAW needs the key authorization'
no_leftover www.example.test
