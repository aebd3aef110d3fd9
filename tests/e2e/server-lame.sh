#!/bin/bash
# A server that is named in the delegation and does not know the zone: warned, issued.
. "$(dirname "$0")/functions.sh"

expect 0 issue lame.test "${bind[@]}"
said "$LAB_KNOT2" "lame|REFUSED"
check_pair lame.test lame.test
no_leftover lame.test
