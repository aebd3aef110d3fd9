#!/bin/bash
# The account key is lost while state.db is kept; a name that IDNA 2008 would not allow.
. "$(dirname "$0")/functions.sh"

expect 0 issue example.test "${bind[@]}"
[ "$(accounts)" = 1 ] || fail "$(accounts) accounts"
rm -r "$state/keys"
expect 0 issue example.test "${bind[@]}" --force
said 'warning: .*account.*(key|registered)'
[ "$(accounts)" = 2 ] || fail "$(accounts) accounts"
expect 0 issue example.test "${bind[@]}" --force
not_said 'warning: '
[ "$(accounts)" = 2 ] || fail "$(accounts) accounts"
check_pair example.test example.test

expect 0 issue xn--i-7iq.example.test "${bind[@]}"
check_pair xn--i-7iq.example.test xn--i-7iq.example.test
no_leftover example.test xn--i-7iq.example.test
