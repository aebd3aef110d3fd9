#!/bin/bash
# status and plan tell what is there, what fails, rests and is owed, and change nothing; --check has the exit codes of monitoring.
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

conf=$LAB_DIR/conf
mkdir "$conf"
cat >"$conf/dnsproof.yaml" <<Y
defaults:
  ca: lab
  dns: bind
  resolver: '$LAB_RESOLVER'
ca:
  lab: {directory: '$LAB_CA', ca_bundle: $LAB_CA_BUNDLE, agree_tos: yes, email: hostmaster@example.test, limits: {new_orders: 20/1d}}
dns:
  bind: {provider: rfc2136, set: {server: $LAB_BIND, key: 'file:$LAB_TSIG_KEY'}}
certificates:
  example.test: example.test *.example.test
  z001.test: z001.test
Y
do_it() { # COMMAND...
	"$dnsproof" "$@" --config "$conf" --state "$state"
}
json() { # EXPRESSION: what status --json says of it
	do_it status --json | jq -e "$1" >"$LAB_DIR/jq" || fail "status --json: $1: $(do_it status --json)"
}
orders() { # EXPRESSION: what plan --json says of the orders at a CA account
	do_it plan --json | jq -e ".orders | length == 1 and (.[0] | $1)" >"$LAB_DIR/jq" || fail "plan --json: $1: $(do_it plan --json)"
}
folder() { (cd "$state" && find . -type f ! -name '*.lock' -exec sha256sum {} + | sort -k 2); }

# Before the first run.
expect 3 do_it status --check
said '^UNKNOWN: '
expect 2 do_it status --warn 3d
said '--warn.* --check'
expect 2 do_it status --check --max-failed few
expect 0 do_it status
said 'example.test +missing' 'z001.test +missing' 'no run yet: dnsproof renew'
expect 0 do_it plan
said 'example.test +now +there is none yet' 'lab: 2 for 2 certificates; its limit is 20 new orders in one day, and leaves 18 now$'
orders '.ca == "lab" and .counted == 2 and .left == 18 and .limit == {"orders": 20, "seconds": 86400}'

# status.json: what status --json shows, readable for all; a quiet run does not write it, and what a killed one left is no
# obstacle.
mkdir -p "$state/issued"
echo '{"cut": ' >"$state/.status.json"
expect 0 do_it renew
file=$state/status.json
[ "$(stat -c %a "$file")" = 644 ] && [ ! -e "$state/.status.json" ] || fail "status.json: $(ls -la "$state")"
diff <(jq -S 'del(.time)' "$file") <(do_it status --json | jq -S 'del(.time)') || fail "status.json is not what status shows"
written=$(stat -c %i "$file")
expect 0 do_it renew
[ ! -s "$out" ] || fail "it was not quiet: $(cat "$out")"
[ "$(stat -c %i "$file")" = "$written" ] || fail "a quiet run wrote status.json"
folder >"$LAB_DIR/before"
expect 0 do_it status
said 'example.test +ok .* lab +bind +example.test \+1' 'z001.test +ok' '^2 certificates: 2 ok' 'as of the last renew'
json '.schema == 1 and (.certificates | length) == 2 and .counts.ok == 2 and (.last_renew | length) == 20'
json '.certificates[0] | .id == "example.test" and .names == ["example.test","*.example.test"] and .state == "ok" and .failure == null and .due == null'
expect 0 do_it status z001.test
said 'z001.test +ok'
not_said 'example.test'
expect 2 do_it status nosuch.test
said 'no certificate has the ID or name nosuch.test'
expect 0 do_it status --check
said '^OK: 2 certificates\|certificates=2 ok=2 '
expect 1 do_it status --check --warn 366d --crit 1d
said '^WARNING: 2 certificates urgent \(example.test, ...\)'
expect 2 do_it status --check --crit 366d
said '^CRITICAL: 2 certificates expired or about to be'
expect 0 do_it plan
said 'nothing is due'
not_said 'new orders'
not_said 'z001.test'
expect 0 do_it plan z001.test # what is named is told, due or not
said '^nothing is due' '^z001.test +20[0-9-]+ [0-9:]+ +a third of its lifetime is left +lab +bind$'
not_said 'example.test|new orders|more:'
do_it plan z001.test --json | jq -e '.renewed_now == 0 and (.certificates | length == 1 and (.[0] | .due == null and .places[0].zone == "z001.test"))' >/dev/null ||
	fail "plan z001.test --json"
sed -i 's/^  z001.test: .*/  z001.test: {name: z001.test, renew: no}/' "$conf/dnsproof.yaml"
expect 0 do_it plan z001.test
said '^z001.test +no +renew: no +lab +bind$'
sed -i 's/^  z001.test: .*/  z001.test: z001.test/' "$conf/dnsproof.yaml"
orders '.counted == 0 and .left == 16 and .later == 0' # two were made
folder | diff "$LAB_DIR/before" - || fail "the state folder was changed"
[ ! -e "$state/state.db-wal" ] || fail "files were left beside state.db"

# Others are wanted: due. One is new, one is wanted no more.
sed -i -e 's/^  z001.test: .*/  z001.test: z001.test www.z001.test/' -e '/^  example.test:/d' "$conf/dnsproof.yaml"
echo '  nosuchzone.test: nosuchzone.test' >>"$conf/dnsproof.yaml"
expect 0 do_it status
said 'example.test +left' 'z001.test +due' 'nosuchzone.test +missing' '^2 certificates: 1 due 1 missing 1 left'
expect 0 do_it plan
said 'z001.test +now +other names are wanted' 'nosuchzone.test +now +there is none yet'
orders '.certificates == 2 and .counted == 2 and .left == 16 and .through == null and .crowded == null'
sed -i 's/20.1d/1\/1d/' "$conf/dnsproof.yaml"
expect 0 do_it plan
said 'and leaves 0 now: 2 come later, the last not before 20.* UTC$' 'lab: more is due on 20.* than its limit of 1 new orders in one day lets through; all is through on 20'
orders '.left == 0 and .later == 2 and .through > .crowded and .cleared != null'
sed -i 's/: 1.1d/: 20\/1d/' "$conf/dnsproof.yaml"
do_it plan --json | jq -e '.renewed_now == 2 and ([.certificates[] | select(.due)] | length) == 2' >/dev/null || fail "plan --json"

do_it plan --json | jq -e '[.certificates[].places | length] == [0, 1] and (.certificates[1].places[0] |
	.name == "_acme-challenge.z001.test" and .owner == .name and .zone == "z001.test" and .dns == "bind" and (.seen | length) == 20)' >/dev/null ||
	fail "plan --json: places: $(do_it plan --json)"
expect 0 do_it plan
not_said '_acme-challenge' # no hop, and the DNS account is told by the row

# A failure rests, is told with its cause, and is a warning, as there is no certificate.
expect 1 do_it renew
jq -e '.certificates[] | select(.id == "nosuchzone.test").failure.failures == 1' "$file" >/dev/null || fail "status.json: $(cat "$file")"
expect 0 do_it status
grep -A1 'nosuchzone.test: 1 time, tried again from' "$out" | tail -n 1 | grep -q '[^?]$' || fail "the cause is not one line"
said 'nosuchzone.test +resting' 'z001.test +ok' '^Failing \(1\)' 'at once: dnsproof renew --retry nosuchzone.test'
json '.certificates[] | select(.id == "nosuchzone.test") | .state == "resting" and .failure.failures == 1 and (.failure.next | length) == 20 and .failure.mend == "dnsproof renew --retry nosuchzone.test"'
# WHICH: what failed last; the DNS account by its name or provider, the CA account by its name or URL; each narrows.
for command in status plan; do
	expect 0 do_it $command --failed
	said 'nosuchzone.test +rest'
	not_said '(^|[^.])z001.test +(ok|now|rests)'
done
expect 2 do_it renew --failed --retry
said 'nosuchzone.test'
not_said '(^|[^.])z001.test'
expect 0 do_it status --failed z001.test
not_said 'z001.test +ok'
expect 0 do_it revoke --failed --reason superseded
said 'nosuchzone.test: there is no certificate yet'
for one in '--dns bind' '--dns rfc2136' '--ca lab' "--ca $LAB_CA"; do
	expect 0 do_it status $one z001.test
	said 'z001.test +ok'
done
expect 2 do_it status --dns nosuch
said 'no certificate uses the DNS account nosuch'
expect 1 do_it status --check
said 'WARNING: 1 certificate cannot be got \(nosuchzone.test\)' 'resting=1'
expect 0 do_it plan
said 'nosuchzone.test +rests until' 'resting after failures: 1; at once: dnsproof renew --failed --retry, or dnsproof renew --retry CERTIFICATE'
not_said 'new orders now'

# A TXT record that could not be removed is owed.
sed -i '/nosuchzone/d' "$conf/dnsproof.yaml"
expect 0 do_it renew
needs_hooks
sed -i 's/^  z001.test: .*/  z001.test: z001.test owed.z001.test/' "$conf/dnsproof.yaml" # for a name that was validated before Pebble may want no value
stopped_renew() { DNSPROOF_STOP=challenge do_it renew z001.test; }
expect 1,5,70 stopped_renew
expect 0 do_it status
said '^Owed \(' 'TXT _acme-challenge.*z001.test .*bind' 'dnsproof clean'
json '.owed[0] | .zone == "z001.test" and .mend == "dnsproof clean"'
expect 0 do_it plan
said '^Owed \(' 'TXT _acme-challenge.*z001.test .*bind' 'at once: dnsproof clean'
do_it plan --json | jq -e '.owed[0].zone == "z001.test" and .revocations == []' >/dev/null || fail "plan --json: owed"
expect 0 do_it plan z001.test # what is owed is nobody's alone
not_said 'owed'
expect 1 do_it status --check
said 'TXT records? still to be removed'
expect 0 do_it dns list
said 'bind +rfc2136 +1 certificate, 2 TXT records still to be removed'
expect 0 do_it dns show bind
said 'provider rfc2136' 'key: file:' 'certificates: 1'
expect 2 do_it dns show nosuch
said 'there is no DNS account nosuch'
do_it dns list --json | jq -e '.[0].provider == "rfc2136" and .[0].owed == 2' >/dev/null || fail "dns list --json"
expect 0 do_it renew
expect 0 do_it status --check

# An account that an earlier run stopped, and a CA that asked for patience: told with what mends it, and so it comes.
sed -i 's/^  z001.test: .*/&\n  z002.test: z002.test/' "$conf/dnsproof.yaml"
sqlite3 "$state/state.db" "INSERT INTO backoff(ca_account,name,failures,not_before,class) VALUES
	('','rests dns bind',0,strftime('%s','now')-3600,'rests'), ('lab','later ',1,strftime('%s','now')+3600,'later')"
expect 0 do_it renew
for command in status plan; do
	expect 0 do_it $command
	said 'dns bind: orders failed there alike since 20.* UTC' 'all at once: dnsproof renew --dns bind --retry$' \
		'ca lab: asked for patience until .* UTC for all requests' 'no command shortens that'
	do_it $command --json | jq -e '(.resting | length == 1 and (.[0] | .account == "dns bind" and .mend == "dnsproof renew --dns bind --retry"))
		and (.later | length == 1 and (.[0] | .ca == "lab" and .about == "all requests"))' >/dev/null || fail "$command --json: $(do_it $command --json)"
done
said 'z002.test +waits until 20'
expect 0 do_it status
said 'z002.test +missing +- +20.* lab +bind'
expect 0 do_it plan
said '^nothing is due'
not_said 'new orders now'
do_it plan --json | jq -e '.waits == 1 and .renewed_now == 0' >/dev/null || fail "plan --json: waits"
sqlite3 "$state/state.db" "DELETE FROM backoff WHERE class IN ('rests','later')"
sed -i '/^  z002.test:/d' "$conf/dnsproof.yaml"
expect 0 do_it renew

# A limit of the CA account holds one that is due: it is told, and so it comes.
sed -i -e 's/new_orders: 20.1d/&, failed_validations: 2\/1h/' -e 's/^  z001.test: .*/&\n  z002.test: z002.test/' "$conf/dnsproof.yaml"
sqlite3 "$state/state.db" "INSERT INTO ledger(ca_account,bucket,full_at) VALUES('lab','failed z002.test',strftime('%s','now')+3600)"
for _ in before after; do
	expect 0 do_it plan
	said '^nothing is due' '^z002.test +limit until 20' 'held by a limit of their CA account, .* of a name: 1; no command shortens that'
	not_said 'new orders now'
	do_it plan --json | jq -e '.limited == 1 and .renewed_now == 0 and (.certificates[0] | .turn == "limited" and .from > "2026")' >/dev/null ||
		fail "plan --json: limited: $(do_it plan --json)"
	expect 0 do_it renew
	said 'its limit is 2 failed validations of a name in one hour; 1 certificate was not tried'
done
sqlite3 "$state/state.db" "DELETE FROM ledger WHERE bucket LIKE 'failed%'"
sed -i -e 's/, failed_validations: 2.1h//' -e '/^  z002.test:/d' "$conf/dnsproof.yaml"
expect 0 do_it renew

# Over which hop, when it was seen last.
sed -i -e "s!^  bind: .*!&\n  val: {provider: rfc2136, set: {server: $LAB_PDNS, key: 'file:$LAB_VAL_KEY'}, zone: val.test, cname_target: web.val.test}!" \
	-e 's/^  z001.test: .*/&\n  web.test: {name: web.test, dns: [bind, val]}/' "$conf/dnsproof.yaml"
expect 0 do_it plan
not_said '_acme-challenge'
expect 0 do_it renew
sed -i 's/name: web.test,/name: web.test *.web.test,/' "$conf/dnsproof.yaml"
expect 0 do_it plan
said 'web.test +now +other names are wanted' '^  _acme-challenge.web.test -> web.val.test, in zone val.test by DNS account val, seen [0-9]+ minutes ago$'
do_it plan --json | jq -e '.certificates[0].places | length == 1 and (.[0] | .owner == "web.val.test" and .dns == "val")' >/dev/null || fail "plan --json: the hop"
sed -i '/^  web.test:/d' "$conf/dnsproof.yaml"
expect 0 do_it renew

# A broken configuration is a warning; a state.db that cannot be read is unknown.
echo 'certficates: {}' >>"$conf/dnsproof.yaml"
expect 1 do_it status --check
said 'the configuration is broken'
sed -i '$d' "$conf/dnsproof.yaml"
mv "$state/state.db" "$LAB_DIR/state.db"
echo 'this is no database, and long enough to be none for sure' >"$state/state.db"
chmod 600 "$state/state.db"
expect 3 do_it status --check
said '^UNKNOWN: .*state.db'
expect 1 do_it status
