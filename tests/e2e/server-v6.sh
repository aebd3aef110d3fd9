#!/bin/bash
# A server with an IPv6 address too is asked at both.
. "$(dirname "$0")/functions.sh"

[ -e /proc/net/if_inet6 ] || skip "no IPv6 in this kernel"
expect 0 issue v6.test -v "${bind[@]}"
said "$LAB_BIND" "$LAB_BIND6"
check_pair v6.test v6.test
