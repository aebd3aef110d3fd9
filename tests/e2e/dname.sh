#!/bin/bash
# A name below a DNAME whose target can be written.
. "$(dirname "$0")/functions.sh"

expect 0 issue host.sub.dn.test '*.host.sub.dn.test' "${pdns[@]}"
check_pair host.sub.dn.test host.sub.dn.test '*.host.sub.dn.test'
no_txt "$LAB_PDNS" _acme-challenge.host.dn.val.test
