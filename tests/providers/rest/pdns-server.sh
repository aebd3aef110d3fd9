#!/bin/sh
# The descriptor pdns against a real PowerDNS: sqlite backend, its HTTP API on loopback. In the build folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=${top_srcdir:-$here/../../..}
host=${DNSPROOF_PROVIDER:-./dnsproof-provider}
schema=/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql

for program in pdns_server sqlite3 curl; do
	command -v $program >/dev/null || {
		echo "pdns-server: NOTHING WAS TESTED: $program is missing; scripts/setup test" >&2
		exit 77
	}
done
[ -r $schema ] || {
	echo "pdns-server: NOTHING WAS TESTED: $schema is missing; scripts/setup test" >&2
	exit 77
}
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill $pid; rm -rf "$work"' EXIT INT TERM
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
dns=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
key=canary-pdns-6b1f0c
url=http://127.0.0.1:$port

sqlite3 "$work/db" <$schema
pdns_server --config-dir="$work" --socket-dir="$work" --launch=gsqlite3 --gsqlite3-database="$work/db" --daemon=no --guardian=no \
	--local-address=127.0.0.1:$dns --api=yes --api-key=$key --webserver=yes --webserver-address=127.0.0.1 \
	--webserver-port=$port --loglevel=3 --setuid="$(id -u)" --setgid="$(id -g)" >"$work/log" 2>&1 &
pid=$!
api() {
	curl -sS -f -H "X-API-Key: $key" -H 'Content-Type: application/json' "$@"
}
tries=0
until api "$url/api/v1/servers/localhost" >/dev/null 2>&1; do
	tries=$((tries + 1))
	[ $tries -lt 100 ] || { cat "$work/log" >&2; exit 1; }
	sleep 0.1
done
for zone in example.test _acme-challenge.host.example.test; do
	api -d '{"name": "'$zone'.", "kind": "Master", "nameservers": ["ns.example.test."]}' "$url/api/v1/servers/localhost/zones" >/dev/null
done
printf %s $key >"$work/key"
chmod 600 "$work/key"

n=0
fail() {
	echo "not ok - $1"
	cat "$work/out" >&2
	exit 1
}
try() { # words wanted, then the call
	wanted=$1
	shift
	"$host" --modules .libs --descriptors "$top/plugins.d" --try pdns --set url=$url --set key=file:"$work/key" "$@" >"$work/out" 2>&1 || true
	grep -q -- "$wanted" "$work/out" || fail "$*: wanted $wanted"
	n=$((n + 1))
}
name=_acme-challenge.example.test
one=-kIt0First_aBcDeFgHiJkLmNoPqRsTuVwXyZ_01234
two=Second_012345678901234567890123456789012345
foreign='"foreign \"quoted\" \\ text" "in two"'

values() { # of a name, sorted, from the server itself
	api "$url/api/v1/servers/localhost/zones/example.test." |
		python3 -c 'import json, sys; print(" | ".join(sorted(r["content"] for s in json.load(sys.stdin)["rrsets"]
    if s["type"] == "TXT" and s["name"] == sys.argv[1] + "." for r in s["records"])))' "$1"
}
is() { # name, values
	got=$(values "$1")
	[ "$got" = "$2" ] || { echo "$got" >"$work/out"; fail "$1 has these values, wanted $2"; }
	n=$((n + 1))
}

try '^ok' check example.test $name
try '^ok' add example.test $name $one
try '^ok' add example.test $name $one
is $name "\"$one\""
api -X PATCH -d "$(python3 -c 'import json, sys; print(json.dumps({"rrsets": [{"name": sys.argv[1] + ".", "type": "TXT", "changetype": "REPLACE",
    "ttl": 77, "records": [{"content": c, "disabled": d} for c, d in ((sys.argv[2], False), (chr(34) + sys.argv[3] + chr(34), False), ("\"off\"", True))]}]}))' $name "$foreign" $one)" \
	"$url/api/v1/servers/localhost/zones/example.test."
try '^ok' add example.test $name $two
is $name "\"$one\" | \"$two\" | $foreign | \"off\""
try "^value: $two" list example.test $name
try '^ok' del example.test $name $one
try '^ok' del example.test $name $one
is $name "\"$two\" | $foreign | \"off\""
api "$url/api/v1/servers/localhost/zones/example.test." | grep -q '"content": *"\\"off\\"", *"disabled": *true' || fail "what was off is on"
api "$url/api/v1/servers/localhost/zones/example.test." | grep -q '"ttl": *77' || fail "the TTL changed"
try '^ok' add _acme-challenge.host.example.test _acme-challenge.host.example.test $one
try "^value: $one" list _acme-challenge.host.example.test _acme-challenge.host.example.test
try '^ok' del _acme-challenge.host.example.test _acme-challenge.host.example.test $one
try '^nozone' check other.test _acme-challenge.other.test
printf %s wrong >"$work/key"
try '^auth.*401' check example.test $name
echo "pdns-server: $n checks passed ($(pdns_server --version 2>&1 | sed -n 's/.*Server \([0-9.]*\).*/\1/p'))"
