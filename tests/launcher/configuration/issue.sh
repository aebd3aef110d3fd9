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
