#!/bin/bash
# Two runs on one state folder: other certificates go on side by side; for the same one the second says so, or waits.
# lab: PEBBLE_AUTHZREUSE=0 PEBBLE_VA_NOSLEEP= PEBBLE_VA_SLEEPTIME=3
. "$(dirname "$0")/functions.sh"

issue example.test "${bind[@]}" >"$LAB_DIR/out1" 2>&1 </dev/null &
one=$!
until_true 10 test -s "$LAB_DIR/out1" || fail "the first run says nothing"
issue web.test "${pdns[@]}" --cname-target web.val.test >"$LAB_DIR/out2" 2>&1 </dev/null &
two=$!
wait $one || fail "first: $(cat "$LAB_DIR/out1")"
wait $two || fail "second: $(cat "$LAB_DIR/out2")"
check_pair example.test example.test
check_pair web.test web.test
[ "$(accounts)" = 1 ] || fail "$(accounts) accounts"

# The first one settles for 8 s with its TXT record there.
issue z001.test --settle 8 "${bind[@]}" >"$LAB_DIR/out1" 2>&1 </dev/null &
one=$!
until_true 20 grep -q 'TXT record added' "$LAB_DIR/out1" || fail "the first run: $(cat "$LAB_DIR/out1")"
expect 4 issue z001.test --wait 0 "${bind[@]}"
said 'another dnsproof run \(pid [0-9]+, since 20[0-9-]+ [0-9:]+ UTC\) is working on it; --wait SECONDS waits'
expect 0 issue z001.test --wait 60 "${bind[@]}"
wait $one || fail "first: $(cat "$LAB_DIR/out1")"
check_pair z001.test z001.test
no_leftover example.test z001.test
no_txt "$LAB_PDNS" web.val.test
