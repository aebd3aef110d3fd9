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

# Other clients that have the same names: told, and no error. Each word that is told ends it.
export HOME="$work/home" DNSPROOF_RIVALS="$work/root"
etc=$work/root/etc acme=$work/home/.acme.sh
mkdir -p "$etc/letsencrypt/live" "$etc/letsencrypt/renewal" "$etc/dehydrated" "$acme/x.test_ecc" "$acme/w.test"
echo 'authenticator = dns-cloudflare' | tee "$etc/letsencrypt/renewal/example.test-0001.conf" >"$etc/letsencrypt/renewal/other.test.conf"
printf '# www.example.test\nother.test www.other.test > o\nother.test WWW.Example.test mail.example.test\n' >"$etc/dehydrated/domains.txt"
touch "$acme/account.conf" "$acme/x.test_ecc/fullchain.cer" "$acme/w.test/fullchain.cer"
printf "Le_Domain='x.test'\nLe_Alt='mail.example.test,www.x.test'\n" >"$acme/x.test_ecc/x.test.conf"
printf "Le_Domain='w.test'\nLe_Alt='no'\n" >"$acme/w.test/w.test.conf"
cat >"$work/rivals.yaml" <<END
ca: {le: {directory: letsencrypt, agree_tos: yes}}
dns: {d: {provider: nosuch}}
certificates:
  example.test: example.test www.example.test mail.example.test
  x.test:
  z.test:
END
run 0 check --config "$work/rivals.yaml"
has "^warning: $work/rivals.yaml:4: mail.example.test: acme.sh .*$acme/x.test_ecc/x.test.conf.*: acme.sh --remove -d 'x.test' --ecc$"
has "^warning: $work/rivals.yaml:5: x.test: acme.sh "
[ "$(printf '%s\n' "$said" | grep -c acme.sh)" = 2 ] || { echo "acme.sh is told otherwise: $said"; wrong=$((wrong + 1)); }
mv "$acme/x.test_ecc/x.test.conf" "$acme/x.test_ecc/x.test.conf.removed"
if grep -q '^#define TEST_HOOKS 1' config.h; then
	off="mv $etc/letsencrypt/renewal/example.test-0001.conf $etc/letsencrypt/renewal/example.test-0001.conf.off"
	has "^warning: $work/rivals.yaml:4: example.test: certbot .*: $off$"
	has "^warning: $work/rivals.yaml:4: www.example.test: dehydrated .*$etc/dehydrated/domains.txt:3.*: take that line out$"
	[ "$(printf '%s\n' "$said" | grep -c '^warning')" = 4 ] || { echo "not four warnings: $said"; wrong=$((wrong + 1)); }
	$off
	sed -i 3d "$etc/dehydrated/domains.txt"
fi
run 0 check --config "$work/rivals.yaml"
case $said in *warning*) echo "still warned of: $said"; wrong=$((wrong + 1)) ;; esac

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
