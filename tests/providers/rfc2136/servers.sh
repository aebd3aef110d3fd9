#!/bin/bash
# The module rfc2136 against real BIND, Knot and PowerDNS on loopback ports, by `dnsproof-provider --try`
# and `--serve`. Run from the build folder. A server that is not installed is named, and makes the exit
# code 77 if nothing else failed.
set -u

provider=${PROVIDER:-$PWD/dnsproof-provider}
modules=${MODULES:-$PWD/.libs}
skew=${SKEW_MODULE:-$PWD/tests/providers/rfc2136/.libs/skew.so}
schema=/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql
export PATH=$PATH:/usr/sbin:/usr/local/sbin

dir=$(mktemp -d "${TMPDIR:-/tmp}/rfc2136.XXXXXX")
pids=() failures=0 checks=0 absent=()
trap 'kill "${pids[@]}" 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"' EXIT

export ASAN_OPTIONS=${ASAN_OPTIONS-}:log_path=$dir/report UBSAN_OPTIONS=${UBSAN_OPTIONS-}:log_path=$dir/report

zone=example.test
name=_acme-challenge.www.$zone
value=VIhlObU14SszuGiJjYEkSCWza9-X-UFUuzGh1QsiYcU
second=-AhlObU14SszuGiJjYEkSCWza9-X-UFUuzGh1QsiYcU
export SECRET WRONG KEY
SECRET=$(openssl rand -base64 32 | tr +/ ab) # no signs of a regular expression
WRONG=$(openssl rand -base64 32 | tr +/ ab)

# --- the servers -------------------------------------------------------------------------------

open_port() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
	local p
	while p=$((20000 + RANDOM % 12000)) && open_port "$p"; do :; done
	echo "$p"
}

# started PORT PID LOG: waits until the port answers or the server is gone
started() {
	for _ in $(seq 200); do
		open_port "$1" && return 0
		kill -0 "$2" 2>/dev/null || break
		read -rt 0.05 <> <(:)
	done
	echo "FAIL: $3 did not start:" && tail -20 "$dir/$3.log"
	exit 1
}

zone_file() {
	cat <<-END
	\$TTL 60
	@ SOA ns.$zone. h.$zone. 1 3600 600 86400 5
	@ NS ns
	ns A 127.0.0.1
	_acme-challenge.alias CNAME elsewhere.other.test.
	_acme-challenge.kept TXT "foreign value kept"
	sub NS ns.sub
	ns.sub A 127.0.0.1
	dn DNAME other.test.
	END
}

named_start() {
	local d=$dir/named a
	port=$(free_port)
	mkdir "$d" && zone_file >"$d/zone.db" && zone_file | sed "s/$zone/static.test/g" >"$d/static.db"
	{
		echo "options { directory \"$d\"; pid-file \"pid\"; session-keyfile \"$d/session.key\"; recursion no;"
		echo "listen-on port $port { 127.0.0.1; }; listen-on-v6 port $port { ::1; }; }; controls { };"
		for a in md5 sha1 sha224 sha256 sha384 sha512; do
			echo "key acme-$a { algorithm hmac-$a; secret \"$SECRET\"; };"
		done
		echo "key acme { algorithm hmac-sha256; secret \"$SECRET\"; };"
		echo "key nogrant { algorithm hmac-sha256; secret \"$SECRET\"; };"
		echo "zone \"$zone\" { type primary; file \"zone.db\"; update-policy { deny acme name denied.$zone. ANY;"
		for a in acme acme-{md5,sha1,sha224,sha256,sha384,sha512}; do echo "grant $a subdomain $zone. TXT;"; done
		echo "}; }; zone static.test { type primary; file \"static.db\"; };"
	} >"$d/named.conf"
	named -g -n 1 -c "$d/named.conf" >"$dir/named.log" 2>&1 &
	pids+=($!)
	started "$port" $! named
}

knotd_start() {
	local d=$dir/knotd
	port=$(free_port)
	mkdir "$d" && zone_file >"$d/zone.db"
	cat >"$d/knot.conf" <<-END
	server:
	  listen: 127.0.0.1@$port
	  rundir: $d
	  udp-workers: 1
	  tcp-workers: 1
	  background-workers: 1
	database:
	  storage: $d
	key:
	  - id: acme
	    algorithm: hmac-sha256
	    secret: $SECRET
	  - id: nogrant
	    algorithm: hmac-sha256
	    secret: $SECRET
	acl:
	  - id: acme
	    key: acme
	    action: update
	    update-type: [TXT]
	    update-owner: name
	    update-owner-match: equal
	    update-owner-name: [_acme-challenge, _acme-challenge.www, _acme-challenge.alias, _acme-challenge.kept, _acme-challenge.many, _acme-challenge.x.sub, _acme-challenge.x.dn]
	zone:
	  - domain: $zone
	    storage: $d
	    file: zone.db
	    acl: acme
	END
	knotd -c "$d/knot.conf" >"$dir/knotd.log" 2>&1 &
	pids+=($!)
	started "$port" $! knotd
}

pdns_server_start() {
	local d=$dir/pdns k
	port=$(free_port)
	mkdir "$d" && zone_file >"$d/zone.db"
	sqlite3 "$d/db" <"$schema"
	cat >"$d/pdns.conf" <<-END
	launch=gsqlite3
	gsqlite3-database=$d/db
	local-address=127.0.0.1
	local-port=$port
	dnsupdate=yes
	socket-dir=$d
	security-poll-suffix=
	END
	{
		pdnsutil --config-dir="$d" load-zone "$zone" "$d/zone.db"
		for k in acme nogrant; do pdnsutil --config-dir="$d" import-tsig-key $k hmac-sha256 "$SECRET"; done
		pdnsutil --config-dir="$d" set-meta "$zone" TSIG-ALLOW-DNSUPDATE acme
		pdnsutil --config-dir="$d" set-meta "$zone" ALLOW-DNSUPDATE-FROM 127.0.0.0/8
	} >"$dir/pdnsutil.log" 2>&1 || { cat "$dir/pdnsutil.log"; exit 1; }
	pdns_server --config-dir="$d" --guardian=no --daemon=no --disable-syslog >"$dir/pdns_server.log" 2>&1 &
	pids+=($!)
	started "$port" $! pdns_server
}

nsd_start() {
	local d=$dir/nsd
	port=$(free_port)
	mkdir "$d" && zone_file | sed '/DNAME/d' >"$d/zone.db"
	cat >"$d/nsd.conf" <<-END
	server:
	  ip-address: 127.0.0.1@$port
	  username: ""
	  zonesdir: "$d"
	  database: ""
	  pidfile: "$d/pid"
	  xfrdfile: "$d/xfrd"
	  xfrdir: "$d"
	  zonelistfile: "$d/zonelist"
	remote-control:
	  control-enable: no
	key:
	  name: acme
	  algorithm: hmac-sha256
	  secret: "$SECRET"
	zone:
	  name: $zone
	  zonefile: zone.db
	END
	nsd -d -c "$d/nsd.conf" >"$dir/nsd.log" 2>&1 &
	pids+=($!)
	started "$port" $! nsd
}

# --- checks ------------------------------------------------------------------------------------

# try KEY CALL...: what the module says
try() {
	KEY=$1
	shift
	"$provider" --modules "$modules" --try rfc2136 --set "server=127.0.0.1#$port" ${KEY:+--set key=env:KEY} \
		--cname-target '**.test' "$@" 2>&1
}

# want WHAT REGEX OUTPUT
want() {
	checks=$((checks + 1))
	if ! grep -qE -- "$2" <<<"$3"; then
		failures=$((failures + 1))
		printf 'FAIL %s: %s: wanted /%s/, got: %s\n' "$server" "$1" "$2" "$3"
	fi
}

want_no() {
	checks=$((checks + 1))
	if grep -qE -- "$2" <<<"$3"; then
		failures=$((failures + 1))
		printf 'FAIL %s: %s: did not want /%s/, got: %s\n' "$server" "$1" "$2" "$3"
	fi
}

serial() { dig +short +tcp -p "$port" @127.0.0.1 "$zone" SOA | cut -d' ' -f3; }
values() { try "$good" list "$zone" "$1"; }

# every server keeps the rules of the interface
rules() {
	local before
	before=$(serial)
	want "check" '^ok' "$(try "$good" check "$zone" "$name")"
	want "check changes nothing" "^$before\$" "$(serial)"
	want "add" '^ok' "$(try "$good" add "$zone" "$name" "$value")"
	want "add again" '^ok' "$(try "$good" add "$zone" "$name" "$value")"
	want "one value after two adds" "^1\$" "$(values "$name" | grep -c "$value")"
	want "second value" '^ok' "$(try "$good" add "$zone" "$name" "$second")"
	want "both there" "^2\$" "$(values "$name" | grep -c '^value')"
	want "delete one" '^ok' "$(try "$good" del "$zone" "$name" "$value")"
	want "the other is kept" "^value: $second\$" "$(values "$name")"
	want "delete a missing one" '^ok' "$(try "$good" del "$zone" "$name" "$value")"
	want "delete the other" '^ok' "$(try "$good" del "$zone" "$name" "$second")"
	want "none left" '^0$' "$(values "$name" | grep -c '^value')"
	want "delete at a missing name" '^ok' "$(try "$good" del "$zone" "$name" "$value")"
	name=_acme-challenge.kept.$zone
	want "add beside a foreign value" '^ok' "$(try "$good" add "$zone" "$name" "$value")"
	want "both there" '^2$' "$(values "$name" | grep -c '^value')"
	want "delete beside it" '^ok' "$(try "$good" del "$zone" "$name" "$value")"
	want "foreign value kept" '^value: foreign value kept$' "$(values "$name")"
	name=_acme-challenge.www.$zone
}

# what is wrong is told, whatever the server makes of it
wrongs() {
	local n=_acme-challenge.alias.$zone call
	for call in "check $zone $n" "add $zone $n $value"; do
		want "alias: $call" "^invalid: $n is a CNAME to elsewhere.other.test" "$(try "$good" $call)"
	done
	want "alias: del" '^ok' "$(try "$good" del "$zone" "$n" "$value")"
	for call in "check $zone $name" "add $zone $name $value"; do
		want "unknown key: $call" '^auth: .*nokey' "$(try "nokey:$SECRET" $call)"
		want "wrong secret: $call" '^auth: .*acme.*secret' "$(try "acme:$WRONG" $call)"
		want "wrong algorithm: $call" '^auth: .*acme.*hmac-sha512.*algorithm|^auth: .*acme. \(hmac-sha512' \
			"$(try "hmac-sha512:acme:$SECRET" $call)"
		want "no key: $call" '^auth: .*not signed, give the key: key=file' "$(try '' $call)"
		want "not granted: $call" '^auth: .*nogrant' "$(try "nogrant:$SECRET" $call)"
	done
	n=_acme-challenge.other.test
	for call in "check other.test $n" "add other.test $n $value" "list other.test $n"; do
		want "zone not hosted: $call" '^nozone: .*does not serve the zone other.test' "$(try "$good" $call)"
	done
	want "no apex" "^nozone: .*does not serve the zone www.$zone" \
		"$(try "$good" add "www.$zone" "$name" "$value")"
	n=_acme-challenge.x.sub.$zone
	for call in "check $zone $n" "add $zone $n $value"; do
		want "delegated: $call" '^nozone: .*no authority' "$(try "$good" $call)"
	done
	want "delegated: del" '^ok' "$(try "$good" del "$zone" "$n" "$value")"
	want "nothing was written by all this" '^0$' "$(values "$name" | grep -c '^value')"
	want_no "secrets are not shown" "$SECRET|$WRONG" "$(try "acme:$WRONG" -v add "$zone" "$name" "$value")"
}

skewed() {
	SKEW=$1 LD_PRELOAD=$skew ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 \
		try "$good" "${2:-add}" "$zone" "$name" "$value"
}

clock_within() {
	want "clock 200 s ahead" '^ok' "$(skewed 200)"
	want "clock 200 s behind" '^ok' "$(skewed -200 del)"
}

clocks_told() {
	want "clock ahead" '^auth: .*(3999|4000|4001) seconds behind this host.s.*BADTIME' "$(skewed 4000)"
	want "clock behind" '^auth: .*(3999|4000|4001) seconds ahead of this host.s.*BADTIME' "$(skewed -4000)"
}

# batch CHANGE...: the results of one batch; a change is add|del NAME VALUE
batch() {
	local changes=
	for c in "$@"; do
		set -- $c
		changes+=${changes:+,}"{\"op\":\"$1\",\"name\":\"$2\",\"value\":\"$3\",\"ttl\":60}"
	done
	KEY=$good
	printf '%s\n' '{"protocol":1,"program":"test"}' \
		"{\"id\":1,\"op\":\"batch\",\"ms\":20000,\"zone\":\"$zone\",\"changes\":[$changes]}" |
		"$provider" --serve 3< <(printf '%s' "{\"account\":\"a\",\"provider\":\"rfc2136\",\"modules\":\"$modules\",
			\"options\":{\"server\":{\"value\":\"127.0.0.1#$port\"},\"key\":{\"secret\":\"$KEY\",\"source\":\"env:K\"}},
			\"zones\":[],\"targets\":[\"**.test\"],\"verbose\":0}") 2>&1 | tail -n 1
}

count_ok() { grep -o '"rc": *"ok"' <<<"$1" | wc -l; }

numbered() { printf '%s %s %043d\n' "$1" "$2" "$3"; }

batches() {
	local r changes n=_acme-challenge.many.$zone
	r=$(batch "add $name $value" "add $name $second" "add _acme-challenge.$zone $value")
	want "batch of three" '^4$' "$(count_ok "$r")"
	want "two values" '^2$' "$(values "$name" | grep -c '^value')"
	r=$(batch "del $name $value" "add $name $value" "del _acme-challenge.$zone $value" "del $name $second")
	want "delete and add of one value, in order" '^5$' "$(count_ok "$r")"
	want "the value is there" "^value: $value\$" "$(values "$name")"
	r=$(batch "add $name $second" "del $name $second" "del $name $value")
	want "add and delete of one value, in order" '^4$' "$(count_ok "$r")"
	want "no value" '^0$' "$(values "$name" | grep -c '^value')"
	mapfile -t changes < <(for i in $(seq 100); do numbered add "$n" "$i"; done)
	want "100 at once" '^101$' "$(count_ok "$(batch "${changes[@]}")")"
	want "100 values" '^100$' "$(values "$n" | grep -c '^value')"
	"$1" "$n"
	mapfile -t changes < <(for i in $(seq 105); do numbered del "$n" "$i"; done)
	want "105 deleted in two messages" '^106$' "$(count_ok "$(batch "${changes[@]}")")"
	want "none left" '^0$' "$(values "$n" | grep -c '^value')"
	r=$(batch "add $name $value" "add _acme-challenge.alias.$zone $value")
	want "one at an alias" 'CNAME' "$r"
	try "$good" del "$zone" "$name" "$value" >/dev/null
}

few() { want "the 101st value" '^temp: .*SERVFAIL.*max-records-per-type' "$(try "$good" add "$zone" "$1" "$(printf '%043d' 101)")"; }
many() { want "the 101st value" '^ok' "$(try "$good" add "$zone" "$1" "$(printf '%043d' 101)")"; }

# --- each server -------------------------------------------------------------------------------

bind_server() {
	local a n=denied.$zone
	want "denied" "^auth: .*REFUSED.*grant acme. name $n. TXT" "$(try "$good" check "$zone" "$n")"
	want "denied" "^auth: .*REFUSED.*grant acme. name $n. TXT" "$(try "$good" add "$zone" "$n" "$value")"
	want "denied in a batch, the other may be tried again" '"temp".*"auth".*grant acme. name denied' \
		"$(batch "add $name $value" "add $n $value")"
	want "nothing of the batch was written" '^0$' "$(values "$name" | grep -c '^value')"
	want "unknown key" 'BADKEY' "$(try "nokey:$SECRET" add "$zone" "$name" "$value")"
	want "wrong secret" 'BADSIG' "$(try "acme:$WRONG" add "$zone" "$name" "$value")"
	want "static zone" '^auth: .*REFUSED' "$(try "$good" check static.test _acme-challenge.static.test)"
	want "outside the zone" '^nozone|^invalid|^refused' "$(try "$good" add "$zone" _acme-challenge.other.test "$value")"
	n=_acme-challenge.x.dn.$zone
	want "below a DNAME" '^invalid: .*CNAME' "$(try "$good" add "$zone" "$n" "$value")"
	want_no "nothing is left below the DNAME" "x.dn" "$(journal_values)"
	want_no "nothing is left below the delegation" "x.sub" "$(journal_values)"
	for a in md5 sha1 sha224 sha256 sha384 sha512; do
		want "hmac-$a" '^ok' "$(try "hmac-$a:acme-$a:$SECRET" add "$zone" "$name" "$value")"
		want "key file with hmac-$a" '^ok' "$(try "$(printf 'key "acme-%s" {\n\talgorithm hmac-%s;\n\tsecret "%s";\n};' \
			"$a" "$a" "$SECRET")" del "$zone" "$name" "$value")"
	done
	KEY=$good
	want "IPv6" '^ok' "$("$provider" --modules "$modules" --try rfc2136 --set 'server=::1' --set "port=$port" \
		--set key=env:KEY check "$zone" "$name" 2>&1)"
	clock_within
	clocks_told
	batches few
}

journal_values() { dig +tcp -p "$port" @127.0.0.1 "$zone" AXFR; }

knot_server() {
	local n=denied.$zone
	want "denied" "^auth: .*BADKEY.*Knot.*$n" "$(try "$good" check "$zone" "$n")"
	want "wrong secret" 'BADSIG' "$(try "acme:$WRONG" add "$zone" "$name" "$value")"
	want "below a DNAME" '^invalid: .*CNAME' "$(try "$good" add "$zone" "_acme-challenge.x.dn.$zone" "$value")"
	clock_within
	clocks_told
	batches many
}

pdns_server_() {
	want "wrong secret" 'answer not signed' "$(try "acme:$WRONG" add "$zone" "$name" "$value")"
	want "not granted" 'TSIG-ALLOW-DNSUPDATE nogrant' "$(try "nogrant:$SECRET" add "$zone" "$name" "$value")"
	clock_within
	want "clock ahead" '^auth: .*set the clocks' "$(skewed 4000)"
	batches many
}

nsd_server() {
	want "NSD: check" '^invalid: .*NOTIMP' "$(try '' check "$zone" "$name")"
	want "NSD: add" '^invalid: .*NOTIMP' "$(try '' add "$zone" "$name" "$value")"
	want "NSD: add, signed" '^invalid: .*NOTIMP' "$(try "$good" add "$zone" "$name" "$value")"
}

# have SERVER PROGRAM...: whether all are installed; tells loudly if not
have() {
	server=$1
	shift
	for p in "$@"; do
		command -v "$p" >/dev/null || [ -f "$p" ] || {
			absent+=("$server (no $p)")
			return 1
		}
	done
}

for p in openssl dig; do
	command -v $p >/dev/null || { echo "NOTHING WAS TESTED: $p is missing" >&2; exit 77; }
done
good=acme:$SECRET
have BIND named && named_start && rules && wrongs && bind_server
have Knot knotd && knotd_start && rules && wrongs && knot_server
have PowerDNS pdns_server pdnsutil sqlite3 "$schema" && pdns_server_start && rules && wrongs && pdns_server_
have NSD nsd && nsd_start && nsd_server

for report in "$dir"/report.*; do
	[ -f "$report" ] && failures=$((failures + 1)) && head -30 "$report"
done
echo "$checks checks, $failures failed"
[ "$failures" = 0 ] || exit 1
[ ${#absent[@]} = 0 ] || { printf 'NOT TESTED, NOT INSTALLED: %s\n' "${absent[@]}" >&2; exit 77; }
