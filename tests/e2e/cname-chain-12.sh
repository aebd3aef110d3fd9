#!/bin/bash
# Twelve links are one too many: explained hop by hop, and nothing is ordered.
. "$(dirname "$0")/functions.sh"

expect 1,2 issue deep.test "${pdns[@]}" --cname-target '**.val.test'
said "d1\.deep\.test" "d5\.deep\.test" "d10\.deep\.test" "11"
[ "$(orders)" = 0 ] || fail "an order was made"
