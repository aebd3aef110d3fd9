#!/bin/bash
# A CA that can be reached through an HTTP proxy only.
. "$(dirname "$0")/functions.sh"

python3 "$(dirname "$0")/connect-proxy.py" "$LAB_DIR/port" localhost:14000 "$(cut -d/ -f3 <<<"$LAB_CA")" >"$LAB_DIR/log/proxy.log" 2>&1 &
until_true 10 test -e "$LAB_DIR/port" || fail "the proxy does not start: $(cat "$LAB_DIR/log/proxy.log")"
proxy=http://127.0.0.1:$(cat "$LAB_DIR/port")
ca=(--ca https://localhost:14000/dir --ca-bundle "$LAB_CA_BUNDLE" --agree-tos)

# Nothing listens at localhost:14000, and the variable is told as not used.
expect 1,2 env HTTPS_PROXY="$proxy" "$dnsproof" issue example.test "${bind[@]}" "${ca[@]}" --resolver "$LAB_RESOLVER" --state "$state"
said 'HTTPS_PROXY is set but not used' 'add --proxy URL'
[ ! -s "$LAB_DIR/log/proxy.log" ] || fail "the proxy was asked"
expect 0 issue example.test "${bind[@]}" --proxy "$proxy"
check_pair example.test example.test
no_leftover example.test
grep -q '^CONNECT localhost:14000 ' "$LAB_DIR/log/proxy.log" || fail "the proxy was not asked: $(cat "$LAB_DIR/log/proxy.log")"
expect 0 issue example.test "${bind[@]}" --force # what was given is remembered
figure "$(wc -l <"$LAB_DIR/log/proxy.log") connections through the proxy"
