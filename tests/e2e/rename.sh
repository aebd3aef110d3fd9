#!/bin/bash
# dnsproof ca rename, dns rename: nothing is registered anew and nothing that is owed is lost, whatever kills it at whatever step.
. "$(dirname "$0")/functions.sh"

conf=$LAB_DIR/dnsproof.yaml
configure() { # CA-ACCOUNT DNS-ACCOUNT [NAME]: of a second certificate
	cat >"$conf" <<Y
defaults: {resolver: '$LAB_RESOLVER'}
ca:
  $1: {directory: '$LAB_CA', ca_bundle: $LAB_CA_BUNDLE, agree_tos: yes}
dns:
  $2: {provider: rfc2136, set: {server: $LAB_BIND, key: 'file:$LAB_TSIG_KEY'}}
certificates:
  example.test: {}
  ${3:+$3: {\}}
Y
}
do_it() { # COMMAND...
	"$dnsproof" "$@" --config "$conf" --state "$state"
}
killed() { # POINT COMMAND...
	local stop=$1
	shift
	DNSPROOF_STOP=$stop do_it "$@"
}
one_account() {
	[ "$(accounts)" = "${1:-1}" ] || fail "$(accounts) accounts at the CA"
}

configure ca0 dns0
expect 0 do_it renew
one_account

# What is refused changes nothing.
before=$(ls -R "$state/ca" "$state/dns" "$state/keys")
expect 2 do_it ca rename nosuch ca1
said 'there is no CA account nosuch; dnsproof ca list'
expect 2 do_it ca rename ca0 letsencrypt
said 'letsencrypt is the name of a CA that is known'
expect 2 do_it ca rename ca0 none
said 'cannot be the name of a CA account'
expect 2 do_it ca rename ca0
said 'needs the name of an account, and its new name'
expect 2 do_it dns rename dns0 dns1
said "DNS account dns0 is configured \($conf:5\); call it dns1 there first"
expect 2 do_it dns rename nosuch dns1
said 'there is no DNS account nosuch; dnsproof dns list'
start_group do_it issue example.test --force
until_true 30 grep -q 'order opened' "$out" || fail "no order: $(cat "$out")"
kill -STOP "$group"
slow=$out out=$LAB_DIR/out.rename
expect 4 do_it ca rename ca0 ca1
said 'another dnsproof command is at work with the accounts'
out=$slow
kill -CONT "$group"
wait_for "$group" 40
[ "$(ls -R "$state/ca" "$state/dns" "$state/keys")" = "$before" ] || fail "something is changed: $(ls -R "$state/ca" "$state/dns" "$state/keys")"

# As it is done: typed, written, typed again. Whichever name a run meets in between, it is the same account.
expect 0 do_it ca rename ca0 ca1
said 'both names are the same account. Write ca1 for ca0'
expect 2 do_it ca rollover ca0 --resolver "$LAB_RESOLVER"
said 'CA account ca0 is being renamed \(ca1 is its other name\)'
expect 2 do_it ca rename ca1 ca2
said 'is being renamed'
expect 0 do_it renew example.test --force
configure ca1 dns0
expect 0 do_it renew example.test --force
expect 0 do_it ca rename ca0 ca1
said 'CA account ca0 is called ca1 now'
expect 0 do_it ca list
not_said ca0
expect 0 do_it renew
[ ! -s "$out" ] || fail "something is due"
one_account
# Taken back when half done.
expect 0 do_it ca rename ca1 ca0
expect 0 do_it ca rename ca0 ca1
said 'CA account ca0 is called ca1 now'
[ -z "$(find "$state/ca" "$state/keys" -name '*ca0*')" ] || fail "ca0 is still there"

needs_hooks
n=1
for point in marked linked copied rows referred dropped; do
	echo "== CA account, killed at $point"
	expect 0,137 killed "rename-$point" ca rename "ca$n" "ca$((n + 1))"
	no_process_left
	expect 0 do_it renew example.test --force
	expect 0 do_it ca rename "ca$n" "ca$((n + 1))"
	configure "ca$((n + 1))" dns0
	expect 137 killed "rename-$point" ca rename "ca$n" "ca$((n + 1))"
	expect 0 do_it renew example.test --force
	one_account
	expect 0 do_it ca rename "ca$n" "ca$((n + 1))"
	said "is called ca$((n + 1)) now"
	expect 0 do_it ca list
	[ "$(wc -l <"$out")" = 1 ] || fail "more than one account"
	n=$((n + 1))
done
one_account

# What is owed through a DNS account follows its name. (Of a name that was validated before Pebble may want no value.)
configure "ca$n" dns0 owed.example.test
expect 1,70 killed challenge renew owed.example.test
[ "$(count_txt "$LAB_BIND" _acme-challenge.owed.example.test)" = 1 ] || fail "no TXT to be removed"
m=0
for point in marked copied rows referred dropped; do
	echo "== DNS account, killed at $point"
	configure "ca$n" "dns$((m + 1))"
	expect 137 killed "rename-$point" dns rename "dns$m" "dns$((m + 1))"
	no_process_left
	expect 0 do_it dns rename "dns$m" "dns$((m + 1))"
	said "DNS account dns$m is called dns$((m + 1)) now"
	expect 0 do_it dns list
	said "^dns$((m + 1)) .*1 TXT record still to be removed"
	not_said "^dns$m "
	m=$((m + 1))
done
expect 0 clean --resolver "$LAB_RESOLVER"
no_leftover owed.example.test

# What issue made: its certificate goes on by the new names.
expect 0 issue www.example.test "${bind[@]}"
one_account 2
url=$(basename "$(grep -L '"configured"' "$state"/ca/*.json)" .json)
expect 0 do_it ca rename "$url" mine
expect 0 do_it dns rename rfc2136 own
grep -q '"ca": "mine"' "$state/issued/www.example.test.json" || fail "$(cat "$state/issued/www.example.test.json")"
expect 0 do_it renew
[ ! -s "$out" ] || fail "something is due"
expect 0 do_it renew www.example.test --force
check_pair www.example.test www.example.test
one_account 2

# So does an account that is its backup, which somebody still has use for.
expect 0 do_it issue --id www.example.test --backup-ca "ca$n"
expect 2 do_it ca deactivate "ca$n"
said 'is used by 1 certificate \(www.example.test\).*--backup-ca CA'
expect 0 do_it ca rename "ca$n" spare
configure spare own
expect 0 do_it ca rename "ca$n" spare
grep -q '"backup_ca": "spare"' "$state/issued/www.example.test.json" || fail "$(cat "$state/issued/www.example.test.json")"
one_account 2

# What was given by the names of the configuration follows both.
expect 0 do_it issue named.example.test --ca spare --dns own --resolver "$LAB_RESOLVER"
expect 0 do_it ca rename spare last
said 'both names are the same account'
expect 0 do_it renew named.example.test --force
not_said 'not in the configuration'
configure last end
expect 0 do_it renew named.example.test --force
said 'CA account spare is not in the configuration any more' 'DNS account own is not in the configuration any more'
expect 0 do_it ca rename spare last
expect 0 do_it dns rename own end
expect 0 do_it renew named.example.test --force
not_said 'not in the configuration'
check_pair named.example.test named.example.test
one_account 2
