#!/bin/sh
# dnsproof issue ID of a certificate that the configuration has.
. "${srcdir:-.}/tests/launcher/lib.sh"

begin configured
cat >"$work/dnsproof.yaml" <<END
ca: {main: {directory: 'https://ca.test:14000/dir', agree_tos: yes, cache: 5s, source_address: 127.0.0.5, address_family: ipv4}}
dns:
  own: {provider: rfc2136, set: {server: 127.0.0.1}, zone: example.test, source_address: 127.0.0.6}
defaults: {ttl: 2m}
certificates:
  web: example.test *.example.test
  www.example.test: {key_type: p384, common_name: WWW.example.test}
END
issue_configured() {
	"$here/dnsproof" issue --config "$work/dnsproof.yaml" --state "$state" "$@"
}
run 0 issue_configured web
job=$(cat "$out/engine.job")
has "$job" '"id":"web"'
has "$job" '"names":\["example.test","\*.example.test"\]'
has "$job" '"ttl":120'
has "$job" '"ca":"main"'
has "$job" '"dns":\["own-[0-9a-f]{16}"\]'
has "$job" '"directory":"https://ca.test:14000/dir"'
has "$job" '"cache_s":5'
has "$job" '"source_address":"127.0.0.5"'
has "$job" '"address_family":"ipv4"'
has "$(cat "$out/keeper.setup")" '"name":"main"'
has "$(ls "$state/dns")" '^own-[0-9a-f]{16}.json$'
has "$(cat "$state"/dns/own-*.json)" '"source_address": "127.0.0.6"'
has "$(cat "$state/ca/main.json")" '"configured": true'
same 'what issue remembers' "$(ls "$state/issued")" ''
rm -f "$out"/*
run 0 issue_configured www.example.test
has "$(cat "$out/engine.job")" '"id":"www.example.test"'
has "$(cat "$out/engine.job")" '"key_type":"p384"'
has "$(cat "$out/keeper.setup")" '"common_name":"www.example.test"'
rm -f "$out"/*

# renew: all of them, by the configuration; one that says no is left out.
echo '  kept.test: {renew: no}' >>"$work/dnsproof.yaml"
run 0 "$here/dnsproof" renew --config "$work/dnsproof.yaml" --state "$state.new"
job=$(cat "$out/engine.job")
has "$job" '"id":"web"'
has "$job" '"id":"www.example.test"'
hasnot "$job" '"id":"kept.test"'
has "$(ls "$state.new/dns")" '^own-[0-9a-f]{16}.json$'
has "$(cat "$state.new/ca/main.json")" '"configured": true'
rm -f "$out"/*

# A second truth beside the configuration is refused, and a wrong configuration is no reason to guess.
run 2 issue_configured www.example.test --key-type p256
has "$stderr" "certificate www.example.test is configured \($work/dnsproof.yaml:7\); change it there"
run 2 issue_configured www.example.test other.test
has "$stderr" 'change it there, then type: dnsproof issue www.example.test'
run 2 issue_configured nothing
has "$stderr" 'single label'
run 2 issue_configured other.test
has "$stderr" 'which DNS provider'
echo '  broken: {ttl: x}' >>"$work/dnsproof.yaml"
run 2 issue_configured web
has "$stderr" 'is configured, but the configuration is wrong, and none was right before'
[ ! -e "$out/engine.job" ] || bad 'the engine was started'
run 2 "$here/dnsproof" renew --config "$work/dnsproof.yaml" --state "$state"
has "$stderr" "dnsproof.yaml:9: ttl: 'x', expected"
hasnot "$(cat "$out/engine.job" 2>/dev/null)" '"id":"web"'
rm -f "$out"/*
run 2 "$here/dnsproof" issue web --config "$work/nowhere" --state "$state"
has "$stderr" 'no configuration'
[ ! -e "$out/engine.job" ] || bad 'the engine was started'

# The same account name at another CA would use the other's key.
printf '%s\n' "ca: {main: {directory: 'https://other.test/dir', agree_tos: yes}}" "dns: {own: {provider: rfc2136, set: {server: 127.0.0.1}}}" \
	'certificates: {web: example.test}' >"$work/dnsproof.yaml"
run 2 issue_configured web
has "$stderr" 'give the new account another name'

# By the names of accounts of the configuration: as they are there, at each run.
begin by_name
mkdir "$work/zones"
configure_accounts() { # SERVER EMAIL
	cat >"$work/dnsproof.yaml" <<END
ca:
  le: {directory: 'https://ca.test:14000/dir', agree_tos: yes, email: $2}
  spare: {directory: 'https://spare.test/dir', agree_tos: yes, email: $2}
dns:
  rfc2136: {provider: rfc2136, set: {server: $1}, ttl: 77s}
  each.zone: {provider: rfc2136, set: {server: '{server}'}, zone: file:$work/zones/list}
  other: {provider: rfc2136, set: {server: 127.0.0.9}, zone: other.test}
END
}
printf '%s\n' 'one.test server=127.0.0.11' 'two.test server=127.0.0.12' >"$work/zones/list"
named() { # COMMAND...
	rm -f "$out"/*
	"$here/dnsproof" "$@" --config "$work/dnsproof.yaml" --state "$state"
}
job() {
	cat "$out/engine.job"
}
account() { # LABEL [FILE]: the names of its accounts as used
	grep -o "\"$1-[0-9a-f]*\"" "${2:-$out/engine.job}" | sort -u | tr '\n' ' '
}
configure_accounts 127.0.0.1 a@ca.test
run 0 named issue www.example.test --ca le --dns rfc2136 --backup-ca spare
has "$(job)" '"directory":"https://ca.test:14000/dir"'
has "$(job)" '"email":"a@ca.test"'
has "$(job)" '"ttl":77'
remembered=$state/issued/www.example.test.json
first=$(account rfc2136 "$remembered")
has "$first" '^"rfc2136-[0-9a-f]{16}" $'
has "$(tr -d ' \n' <"$remembered")" '"configured_ca":\["le","spare"\],"configured_dns":\["rfc2136"\]'
hasnot "$(cat "$remembered")" '"ttl"|"email"'
has "$(cat "$state/ca/le.json")" '"email": "a@ca.test"'
hasnot "$stdout$stderr" 'CA account'

# What issue makes by itself under the same label is another account, which is never exchanged for it.
rm "$work/dnsproof.yaml"
run 0 "$here/dnsproof" issue own.test --ca https://ca.test:14000/dir --agree-tos --dns rfc2136 --set server=127.0.0.2 --state "$state"
own=$(account rfc2136 "$state/issued/own.test.json")
hasnot "$(cat "$state/issued/own.test.json")" configured
configure_accounts 127.0.0.3 b@ca.test
run 0 named renew --force www.example.test own.test
has "$(job)" "\"id\":\"own.test\",.*\"dns\":\[$(echo $own)\]"
same 'CA accounts as they are now' "$(job | grep -c '"email":"b@ca.test"')" 2
has "$(job)" '"ttl":77'
has "$(cat "$state/ca/le.json")" '"email": "b@ca.test"'
second=$(account rfc2136 "$remembered")
[ "$second" != "$first" ] && [ "$second" != "$own" ] || bad "noted: $second"
has "$(job)" "\"id\":\"www.example.test\",.*\"dns\":\[$(echo $second)\]"
has "$(cat "$state/dns/$(echo $second | tr -d '"').json")" '"server": "127.0.0.3"'
hasnot "$(cat "$remembered")" '"ttl"'
same 'the account of issue' "$(account rfc2136 "$state/issued/own.test.json")" "$own"
run 0 named dns list
has "$stdout" '^rfc2136 .* 1 certificate$'

# Again without options: what is remembered, by the configuration.
configure_accounts 127.0.0.4 c@ca.test
run 0 named issue www.example.test --force
third=$(account rfc2136 "$remembered")
[ "$third" != "$second" ] || bad "the account as it was"
has "$(job)" "\"dns\":\[$(echo $third)\]"
same 'CA accounts as they are now' "$(job | grep -c '"email":"c@ca.test"')" 2
has "$(tr -d ' \n' <"$remembered")" '"configured_ca":\["le","spare"\],"configured_dns":\["rfc2136"\]'

# Names in another place than the certificate's say nothing of the accounts themselves.
run 0 named config export www.example.test
has "$stdout" '^    dns: rfc2136|^    dns: \[rfc2136\]'
has "$stdout" '^    ca: le$'
has "$stdout" '^    backup_ca: spare$'
hasnot "$stdout" 'directory|provider'

# Options of an account beside its name.
before=$(cat "$remembered")
refused() { # PATTERN ARGUMENT...
	pattern=$1
	shift
	run 2 named issue "$@"
	has "$stderr" "$pattern"
	[ ! -e "$out/engine.job" ] || bad "the engine was started: $*"
}
refused "--email: CA account le is configured \($work/dnsproof.yaml:2\); change it there" n.test --ca le --email x@y.test --dns rfc2136
refused '--agree-tos: CA account le is configured' n.test --ca le --agree-tos --dns rfc2136
refused '--proxy: CA account le is configured' www.example.test --proxy none
refused "--set: DNS account rfc2136 is configured \($work/dnsproof.yaml:5\); change it there" n.test --ca le --dns rfc2136 --set server=127.0.0.1
refused '--zone: DNS account other is configured' n.test --ca le --dns rfc2136 --dns other --zone n.test
refused '--cname-target: DNS account rfc2136 is configured' www.example.test --cname-target '**.val.test'
refused '--ca nosuch: type letsencrypt, .*; the configuration has le, spare$' n.test --ca nosuch --dns rfc2136
refused '--dns a.b: type the name of a provider' n.test --ca le --dns a.b
refused 'no zone of its zone file is for these names' n.test --ca le --dns each.zone
same 'what is remembered' "$(cat "$remembered")" "$before"
[ ! -e "$state/issued/n.test.json" ] || bad 'n.test is remembered'

# A zone file: the accounts of the lines that serve the names.
run 0 named issue one.test www.two.test --ca le --dns each.zone --dns other
same 'accounts of the lines' "$(account each.zone | wc -w)" 2
has "$(tr -d ' \n' <"$state/issued/one.test.json")" '"configured_dns":\["each.zone","other"\]'
echo 'three.test server=127.0.0.13' >>"$work/zones/list"
sed -i s/127.0.0.12/127.0.0.22/ "$work/zones/list"
run 0 named renew --force one.test
has "$(cat "$out"/*.setup "$out"/host* 2>/dev/null; cat "$state"/dns/each.zone-*.json)" '127.0.0.22'
same 'accounts of the lines' "$(account each.zone "$state/issued/one.test.json" | wc -w)" 2
run 0 named config export one.test
has "$stdout" '^    dns: \[each.zone, other\]'

# Another name of the account.
sed -i -e 's/^  rfc2136:/  mine:/' -e 's/^  le:/  main:/' "$work/dnsproof.yaml"
run 0 named dns rename rfc2136 mine
run 0 named ca rename le main
has "$(tr -d ' \n' <"$remembered")" '"configured_ca":\["main","spare"\],"configured_dns":\["mine"\]'
has "$(tr -d ' \n' <"$state/issued/own.test.json")" '"dns":\["mine-[0-9a-f]{16}"\]'
hasnot "$(cat "$state/issued/own.test.json")" configured

# One that left the configuration: told, and as it was used last.
run 0 named renew --force www.example.test
hasnot "$stderr" 'not in the configuration'
last=$(account mine "$remembered")
printf '%s\n' 'dns: {rest: {provider: rfc2136, set: {server: 127.0.0.99}}}' >"$work/dnsproof.yaml"
run 0 named renew --force www.example.test
has "$stderr" 'CA account main is not in the configuration any more; .* go on with it as it was used last'
has "$stderr" 'DNS account mine is not in the configuration any more'
has "$(job)" "\"dns\":\[$(echo $last)\]"
has "$(job)" '"email":"c@ca.test"'
run 0 named issue www.example.test --force
has "$stderr" 'CA account main is not in the configuration any more'
has "$stderr" 'DNS account mine is not in the configuration any more'
has "$(job)" "\"dns\":\[$(echo $last)\]"
has "$(tr -d ' \n' <"$remembered")" '"configured_ca":\["main","spare"\],"configured_dns":\["mine"\]'

# A CA account that is at another CA now would be used with the key of the first.
printf '%s\n' "ca: {main: {directory: 'https://elsewhere.test/dir', agree_tos: yes}}" >"$work/dnsproof.yaml"
run 1 named renew
has "$stderr" 'certificate www.example.test: CA account main is at https://elsewhere.test/dir in the configuration, but'
hasnot "$(job)" '"id":"www.example.test"'

# Options that every provider has which speaks HTTP are options of each.
begin http
cat >"$work/dnsproof.yaml" <<END
ca: {main: {directory: 'https://ca.test/dir', agree_tos: yes}}
dns: {own: {provider: web, proxy: 'http://127.0.0.1:3128', set: {token: file:/dev/null, ca_bundle: /ca.pem}}}
certificates: {web: example.test}
END
export DNSPROOF_FAKE_DESCRIBE='{"options":[{"key":"token","secret":true}],"http_options":["ca_bundle","proxy"]}'
run 0 "$here/dnsproof" config check --config "$work/dnsproof.yaml" --state "$state"
export DNSPROOF_FAKE_DESCRIBE='{"options":[{"key":"token","secret":true}]}'
run 2 "$here/dnsproof" config check --config "$work/dnsproof.yaml" --state "$state"
has "$stderr" 'DNS account own: provider web has no option ca_bundle'
has "$stderr" 'DNS account own: provider web has no option proxy'
finish
