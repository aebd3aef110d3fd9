#!/bin/bash
# The main job: apex and wildcard, two values at one name at the same time.
# lab: PEBBLE_AUTHZREUSE=0
# sanitized
. "$(dirname "$0")/functions.sh"

expect 0 issue example.test '*.example.test' -v "${bind[@]}"
said "$LAB_BIND" "$LAB_KNOT" "$LAB_NSD"
check_pair example.test example.test '*.example.test'
no_leftover example.test
expect 0 clean
no_process_left
