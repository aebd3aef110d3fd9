#!/bin/bash
# One certificate over eight zones, and names deep below an empty non-terminal and below a zone cut.
. "$(dirname "$0")/functions.sh"

names=(example.test '*.example.test' z001.test '*.z002.test' a.b.c.z003.test host.ent.example.test hop1.test v6.test)
expect 0 issue "${names[@]}" "${bind[@]}"
check_pair example.test "${names[@]}"
no_leftover example.test z001.test z002.test a.b.c.z003.test host.ent.example.test hop1.test v6.test
expect 0 issue knot.test '*.knot.test' host.sub.cut.test "${knot[@]}"
check_pair knot.test knot.test '*.knot.test' host.sub.cut.test
no_txt "$LAB_KNOT2" _acme-challenge.knot.test _acme-challenge.host.sub.cut.test
expect 0 issue val.test '*.val.test' "${pdns[@]}"
check_pair val.test val.test '*.val.test'
no_txt "$LAB_PDNS" _acme-challenge.val.test
