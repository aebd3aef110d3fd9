#!/bin/bash
# A CNAME synthesised from a wildcard does not bind: a TXT at the name itself overrides it, with a warning.
. "$(dirname "$0")/functions.sh"

expect 0 issue host.wild.test "${bind[@]}"
said "wild"
check_pair host.wild.test host.wild.test
no_leftover host.wild.test
