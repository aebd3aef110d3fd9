#!/bin/bash
# Parent and child name other servers: both are asked, the difference is told.
. "$(dirname "$0")/functions.sh"

expect 0 issue differ.test -v "${bind[@]}"
said "ns-knot\.differ\.test|$LAB_KNOT" "ns-nsd\.differ\.test|$LAB_NSD" "parent|delegation"
check_pair differ.test differ.test
