#!/bin/sh
# dnsproof config: exit codes, what is shown, and that a wrong command changes nothing. Needs no provider.
set -u
here=$(pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/dnsproof-config.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
umask 022
wrong=0

run() { # CODE ARGUMENT...: output in $said
	want=$1
	shift
	said=$("$here/dnsproof" config "$@" 2>&1)
	code=$?
	[ "$code" = "$want" ] || { echo "config $*: exit code $code, expected $want: $said"; wrong=$((wrong + 1)); }
}

has() { # PATTERN
	printf '%s\n' "$said" | grep -Eq -e "$1" || { echo "no match of '$1' in: $said"; wrong=$((wrong + 1)); }
}

cat >"$work/right.yaml" <<END
ca: {le: {directory: letsencrypt, agree_tos: yes}}
dns: {d: {provider: nosuch}}
defaults: {key_type: p384}
certificates:
  example.com: example.com *.example.com
  mail.example.com: {ttl: 5m}
lists: [{file: $work/list.txt}]
END
echo 'customer.example' >"$work/list.txt"
run 0 check --config "$work/right.yaml"
has '^right: 3 certificates, 1 CA account, 1 DNS account, 0 deploy lists$'
run 0 show --config "$work/right.yaml"
has "^  example.com: example.com \*.example.com +# $work/right.yaml:5$"
has "^  customer.example: customer.example +# $work/list.txt:1$"
run 0 show mail.example.com --config "$work/right.yaml"
has "^  ttl: 300 +# $work/right.yaml:6$"
has "^  key_type: p384 +# defaults, $work/right.yaml:3$"
has '^  ca: le +# the only CA account$'
has '^  dns: \[d\] +# all DNS accounts, by their zones$'
has '^  timeout: 600 +# standard$'
run 2 show nothing.example --config "$work/right.yaml"
has '^error: the configuration has no certificate nothing.example; dnsproof config show lists them$'

echo 'no_name' >>"$work/list.txt"
run 1 check --config "$work/right.yaml"
has "^error: $work/list.txt:2: 'no_name' has"
has '^error: 0 errors in the configuration, 1 wrong line in list and zone files$'
run 1 show example.com --config "$work/right.yaml"

printf 'defaults: {ttl: x, settle: y}\ncertificates: {a.example: }\n' >"$work/wrong.yaml"
run 2 check --config "$work/wrong.yaml"
has "^error: $work/wrong.yaml:1: ttl: 'x', expected seconds"
has "^error: $work/wrong.yaml:1: settle: 'y', expected seconds"
run 2 show a.example --config "$work/wrong.yaml"
i=0
while [ $i -lt 150 ]; do echo "x_$i.example"; i=$((i + 1)); done >"$work/list.txt"
run 1 check --config "$work/right.yaml"
has "^error: $work/list.txt: 50 more messages are not shown$"

run 2 check --config "$work/nowhere"
has '^error: no configuration '
has "^write this to $work/nowhere/dnsproof.yaml, "
printf '%s\n' "$said" | sed -e '/^error: /d' -e 1d -e '/^write this/d' >"$work/first.yaml"
run 0 check --config "$work/first.yaml"
has '^right: 1 certificate, 1 CA account, 1 DNS account'
run 2 check --config ''
run 2
has '^error: dnsproof config needs '
run 2 frobnicate
run 2 check example.com
has 'takes no names'
run 0 schema
has '"title": "dnsproof.yaml"'
has '"eab_key": [{]'
hasnot='"force"'
printf '%s' "$said" | grep -q "$hasnot" && { echo "the schema has an option of a command"; wrong=$((wrong + 1)); }
if python3 -c 'import jsonschema, yaml' 2>/dev/null; then
	printf '%s' "$said" >"$work/schema.json"
	for file in dnsproof hosting; do
		python3 -c 'import json, sys, jsonschema, yaml
jsonschema.validate(yaml.safe_load(open(sys.argv[2])), json.load(open(sys.argv[1])))' "$work/schema.json" \
			"${srcdir:-.}/contrib/config/$file.yaml" || { echo "$file.yaml is not of the schema"; wrong=$((wrong + 1)); }
	done
fi
run 2 schema x
run 0 --help
has '^usage: dnsproof config check'
[ $wrong = 0 ] && echo "all right" && exit 0
exit 1
