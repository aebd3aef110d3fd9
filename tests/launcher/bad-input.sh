#!/bin/sh
# What the launcher refuses by itself: one message that names the thing, the trouble and what to type, the documented
# exit code, no engine started, and nothing on disk changed.
. "${srcdir:-.}/tests/launcher/lib.sh"

engine_is_quiet() {
	[ ! -e "$out/engine.pid" ] || bad "the engine was started"
	rm -f "$out"/*
}

refuses() { # CODE PATTERN ARGUMENT...: exactly one line on stderr, nothing on stdout
	want=$1 pattern=$2
	shift 2
	run "$want" "$here/dnsproof" "$@"
	same "standard output of $*" "$stdout" ''
	same "lines on stderr of $*" "$(printf '%s\n' "$stderr" | wc -l)" 1
	has "$stderr" "^error: $pattern"
	engine_is_quiet
}

begin usage
refuses 2 'unknown command isue; did you mean issue\?' isue
refuses 2 'unknown command frobnicate; dnsproof --help lists the commands' frobnicate
refuses 2 '--force replaces certificates that are not due; say which: dnsproof renew --force ID' renew --force
refuses 2 'unknown option --key-type; dnsproof help renew lists them' renew --key-type p256
refuses 2 'dnsproof log is not there yet; .*dnsproof issue' log --json
refuses 2 'unknown option --json before the command' --json issue
refuses 2 'which names\? type dnsproof issue NAME' issue
refuses 2 'unknown option --colour; dnsproof help issue lists them' issue a.test --colour
refuses 2 'unknown option -x; ' issue a.test -x
refuses 2 '--ttl needs a value' issue a.test --ttl
refuses 2 'option --json takes no value' issue a.test --json=1
refuses 2 '--ttl 0: type seconds, 1 to 86400, or a time such as 90s' issue a.test --ttl 0
refuses 2 '--timeout 10x: type seconds' issue a.test --timeout 10x
refuses 2 '--key-type dsa: type p256, p384, rsa2048, rsa3072 or rsa4096' issue a.test --key-type dsa
refuses 2 '--wait-for some: type reachable, all, resolver or none' issue a.test --wait-for some
refuses 2 '--email nobody: type one address' issue a.test --email nobody
refuses 2 '--resolver dns.test: type an IP address' issue a.test --resolver dns.test
refuses 2 '--name-servers: test=ns.test: type ZONE=ADDR' issue a.test --name-servers test=ns.test
refuses 2 '--cname-target: a..b: not a pattern: type a name' issue a.test --cname-target a..b
refuses 2 '--id: ../x: an ID is made of' issue a.test --id ../x
refuses 2 'argument 1 holds control characters' issue "$(printf 'a\033[2J.test')"
refuses 2 'dnsproof clean takes no names' clean a.test
run 0 "$here/dnsproof" issue --help
has "$stdout" 'agree-tos'
run 0 "$here/dnsproof" help clean
for words in 'help --help' 'help help' '--help --help'; do
	# shellcheck disable=SC2086
	run 0 "$here/dnsproof" $words
	has "$stdout" '^usage: dnsproof COMMAND'
done
run 0 "$here/dnsproof" --version -v
has "$stdout" 'state folder of root +/var/lib/dnsproof$'
has "$stdout" 'configuration folder +/etc/dnsproof$'
run 0 "$here/dnsproof" --version
has "$stdout" '^dnsproof [0-9]'

begin names
refuses 2 "'\*' is a wildcard of nothing; give a wildcard in quotes" issue '*' --state "$state"
refuses 2 "'a.test,b.test' holds several names; give each by itself" issue a.test,b.test --state "$state"
refuses 2 "'_acme-challenge.a.test' is where the TXT record goes" issue _acme-challenge.a.test --state "$state"
refuses 2 "'https://a.test/' is a URL or a path; give the domain name alone" issue https://a.test/ --state "$state"
refuses 2 "'root@a.test' is a mail address; give the domain name alone" issue root@a.test --state "$state"
for name in 'a_b.test' 'a..test' 'x.*.test' '192.0.2.1' 'https://a.test/' 'a b.test' 'test'; do
	refuses 2 '.' issue "$name" --state "$state"
	has "$stderr" "$(printf '%s' "$name" | sed 's/[.*]/\\&/g')"
done
refuses 2 'a.test is named twice \(once as A.Test.\); leave one out' issue a.test A.Test. --state "$state"
refuses 2 'www.a.test is covered by \*.a.test already.*leave www.a.test out' issue www.a.test '*.a.test' --state "$state"
# shellcheck disable=SC2046
refuses 2 '101 names, but a certificate holds at most 100' issue $(seq -f 'n%g.test' 101) --state "$state"
[ ! -e "$state" ] || bad "a state folder was made for a name that cannot be"

begin 'state folder'
mkdir -p "$state/documents"
refuses 2 'state folder .* holds other files; name a folder of its own' clean --state "$state"
rmdir "$state/documents"
mkdir "$state/certs"
run 0 "$here/dnsproof" clean --state "$state" # as a run leaves it that is killed while it makes the folder
rm -rf "$state"

begin choices
refuses 2 'which DNS provider\? add --dns PROVIDER; dnsproof providers lists them' issue a.test --state "$state"
refuses 2 '--dns ../x: type the name of a provider; dnsproof providers lists them' issue a.test --dns ../x --state "$state"
refuses 2 '--set applies to the preceding --dns; put --dns PROVIDER before it' issue a.test --set a=b --state "$state"
refuses 2 '--set needs KEY=VALUE' issue a.test --dns x --set topsecret --state "$state"
hasnot "$stderr" topsecret
refuses 2 '--set a is given twice' issue a.test --dns x --set a=1 --set a=2 --state "$state"
agreed="--dns rfc2136 --set server=127.0.0.1 --agree-tos --state $state"
# shellcheck disable=SC2086
refuses 2 "--common-name: b.test is none of the certificate's names, expected one of them, or none" issue a.test '*.a.test' --common-name B.test. $agreed
long=$(printf '%060d' 0).a.test
# shellcheck disable=SC2086
refuses 2 "--common-name: $long is longer than the 64 octets" issue a.test "$long" --common-name "$long" $agreed
refuses 2 "--common-name: 'test' has a single label" issue a.test --common-name test
refuses 2 "you have not agreed to the terms of service of Let's Encrypt \(https://letsencrypt.org/.*\); .*--agree-tos" \
	issue a.test --dns x --state "$state"
refuses 2 '--ca http://ca.test/: a CA is asked by https only' \
	issue a.test --dns x --ca http://ca.test/ --agree-tos --state "$state"
refuses 2 '--ca letsencryp: there is no such CA; did you mean letsencrypt\?' issue a.test --dns x --ca letsencryp --agree-tos --state "$state"
refuses 2 '--ca gts: there is no such CA; did you mean google\?' issue a.test --dns x --ca gts --agree-tos --state "$state"
refuses 2 '--ca nowhere: type letsencrypt, .*zerossl.* or the https:// URL' issue a.test --dns x --ca nowhere --agree-tos --state "$state"
refuses 2 '--ca buypass: Buypass issues no certificates any more' issue a.test --dns x --ca buypass --agree-tos --state "$state"
refuses 2 'ZeroSSL takes only accounts with an external account binding: .*https://api.zerossl.com.*--eab-kid KID --eab-key file:PATH$' \
	issue a.test --dns x --ca zerossl --agree-tos --state "$state"
refuses 2 'Google Trust Services takes only .*gcloud publicca.*--eab-key file:PATH --agree-tos$' issue a.test --dns x --ca google --state "$state"
refuses 2 '--ca https://u@ca.test/: not the URL' issue a.test --dns x --ca https://u@ca.test/ --agree-tos --state "$state"
refuses 2 '--ca-bundle /nonexistent: No such file.*name a readable file' \
	issue a.test --dns x --ca-bundle /nonexistent --agree-tos --state "$state"
same "what is remembered after refusals" "$(find "$state" -type f 2>/dev/null)" ""

begin secrets
secret=$work/secret
refuse_secret() { # PATTERN SOURCE
	refuses 2 "$1" issue a.test --dns rfc2136 --set "key=$2" --agree-tos --state "$state"
	has "$stderr" 'option key of rfc2136'
}
refuse_secret ".*secret file $work/none: No such file or directory; check the path" "file:$work/none"
refuse_secret '.*environment variable NOT_THERE is not set; set and export it' env:NOT_THERE
printf 'secret' >"$secret"
chmod 644 "$secret"
refuse_secret ".*secret file $secret can be read by everyone \(mode 0644\); type: chmod 640 '$secret'" "file:$secret"
chmod 660 "$secret"
refuse_secret ".*can be written by others than its owner \(mode 0660\); type: chmod 640 '$secret'" "file:$secret"
chmod 600 "$secret"
: >"$work/empty"
chmod 600 "$work/empty"
refuse_secret ".*secret file $work/empty is empty" "file:$work/empty"
refuse_secret ".*secret file $work is not a regular file" "file:$work"
if [ "$(id -u)" = 0 ]; then
	chown 12345 "$secret"
	refuse_secret '.*belongs to user 12345, neither to root nor to root \(0\); type: chown 0' "file:$secret"
	chown 0 "$secret"
else
	chmod 000 "$secret"
	refuse_secret '.*is not readable by user .*check the owner and the modes' "file:$secret"
	chmod 600 "$secret"
fi
refuses 2 '--set key: file: names no file' issue a.test --dns rfc2136 --set key=file: --agree-tos --state "$state"
refuses 2 '--set key: env:A B names no environment variable' \
	issue a.test --dns rfc2136 --set 'key=env:A B' --agree-tos --state "$state"
same "what is remembered after refusals" "$(find "$state" -type f 2>/dev/null)" ""
ln -s "$secret" "$work/link"
run 0 "$here/dnsproof" issue a.test --dns rfc2136 --set "key=file:$work/link" --agree-tos --state "$state"
run 0 sh -c "cd '$work' && '$here/dnsproof' issue b.test --dns rfc2136 --set key=file:secret --agree-tos --state state2"
has "$(cat "$work"/state2/dns/*.json)" "\"key\": \"file:$work/secret\""

begin changes
run 0 issue
rm -f "$out"/*
files() { find "$state" -type f -exec cksum {} + | sort; }
before=$(files)
refuses 2 'certificate example.test covers example.test, \*.example.test; you asked to add b.test; drop \*.example.test; add --change' \
	issue example.test b.test --state "$state"
refuses 2 'certificate nosuch is not known; type its names' issue --id nosuch --state "$state"
same "files after refusals" "$(files)" "$before"
run 0 "$here/dnsproof" issue example.test b.test --change --state "$state"
run 0 "$here/dnsproof" issue example.test b.test --state "$state"

begin failed-first
# A typing mistake in a first attempt that failed binds nobody.
export DNSPROOF_FAKE_ENGINE='done 1'
run 1 "$here/dnsproof" issue example.test wwww.example.test --dns rfc2136 --agree-tos --state "$state"
export DNSPROOF_FAKE_ENGINE='done 0'
run 0 "$here/dnsproof" issue example.test www.example.test --dns rfc2136 --agree-tos --state "$state"
rm -f "$out"/*

begin damaged
run 0 issue
rm -f "$out"/*
echo '{' >"$state/issued/example.test.json"
refuses 2 ".*$state/issued/example.test.json is damaged.*move it away" issue example.test --state "$state"
rm "$state/issued/example.test.json"
for f in "$state"/dns/*.json; do sed -i 's/127.0.0.1/127.0.0.2/' "$f"; done
run 0 issue
has "$stderr" 'warning: .*/dns/rfc2136-.* does not hold the DNS account of its name'

# Accounts that are being renamed are left alone.
rm -f "$out"/*
run 1 flock "$state/ca" "$here/dnsproof" clean --state "$state"
has "$stderr" 'another dnsproof command renames an account; type this again when it has ended'
[ ! -e "$out/engine.job" ] || bad 'the engine was started'

# As f450f8e wrote it: what was typed, before it was judged. Here the secret is in it; the others stay as they are.
begin literal
export DNSPROOF_FAKE_DESCRIBE='{"options":[{"key":"token","secret":true},{"key":"url","secret":false},{"key":"key","secret":true}]}'
mkdir -p -m 711 "$state/dns"
old_account() { # PROVIDER OPTIONS: as its older file; its path is in $file
	file=$state/dns/$1-$(python3 - "$1" "$2" <<'END'
import sys
number = 0xCBF29CE484222325
for octet in ('{"options":%s,"provider":"%s"}' % (sys.argv[2], sys.argv[1])).encode():
    number = (number ^ octet) * 0x100000001B3 % 2**64
print(f"{number:016x}")
END
	).json
	printf '{"options":%s,"provider":"%s","zones":[],"targets":["a.test"]}' "$2" "$1" >"$file"
	chmod 600 "$file"
}
old_account sourced '{"token":"file:/etc/token","url":"https://api.test"}'
sourced=$file
old_account cloudflare '{"token":"canary-8d2f","url":"https://api.test"}'
run 0 issue
has "$stderr" "warning: $file held a secret in plain text \(token of cloudflare\).* type --dns cloudflare --set token=file:PATH$"
hasnot "$stderr" 'does not hold|canary'
hasnot "$(cat "$state"/dns/*)" canary
has "$(cat "$file")" '"url": "https://api.test"'
has "$(cat "$file")" '"a.test"'
has "$(cat "$sourced")" '"token": "file:/etc/token"'
same 'mode' "$(stat -c %a "$file")" 600
same 'files besides' "$(ls -A "$state/dns" | grep -vc json)" 0
run 0 issue
hasnot "$stderr" 'plain text|does not hold'
rm -f "$out"/*
# What names the account is told what to type.
sed -i "s/\"rfc2136-[0-9a-f]*\"/\"$(basename "$file" .json)\"/" "$state/issued/example.test.json"
refuses 2 'DNS account cloudflare-.* lacks its option token, which had been given in plain text; type --dns cloudflare --set token=file:PATH' \
	issue --id example.test --state "$state"
# A provider that cannot be asked: nothing is changed.
export DNSPROOF_FAKE_DESCRIBE=
old_account cloudflare '{"token":"canary-8d2f"}'
run 0 issue
has "$(cat "$file")" canary
unset DNSPROOF_FAKE_DESCRIBE
rm -f "$out"/*

begin state
refuses 2 "there is no state folder $state: .*--state DIR" clean --state "$state"
: >"$state"
refuses 2 "state folder $state is not a folder; name another with --state DIR" issue a.test --dns x --agree-tos --state "$state"
rm "$state"
mkdir "$state"
chmod 777 "$state"
refuses 2 "state folder $state can be written by others \(mode 0777\); type: chmod go-w '$state'" \
	issue a.test --dns x --agree-tos --state "$state"
chmod 755 "$state"
if [ "$(id -u)" = 0 ]; then
	chown 12345 "$state"
	refuses 2 "state folder $state belongs to user 12345" issue a.test --dns x --agree-tos --state "$state"
	chown 0 "$state"
else
	chmod 555 "$state"
	refuses 2 "state folder $state cannot be used: Permission denied; .*--state DIR" \
		issue a.test --dns x --agree-tos --state "$state"
	chmod 755 "$state"
fi
refuses 2 'state folder /proc/x cannot be used: .*--state DIR' issue a.test --dns x --agree-tos --state /proc/x

begin full
# A file system of its own where namespaces are allowed, else the limit on the size of files.
cat >"$work/full.sh" <<'INNER'
if mount -t tmpfs -o size=64k none "$1" 2>/dev/null; then dd if=/dev/zero of="$1/fill" bs=1k count=44 2>/dev/null
else ulimit -f 8; fi
exec "$2" issue a.test --dns x --agree-tos --state "$1/state"
INNER
mkdir "$work/full"
run 1 unshare -Urm sh "$work/full.sh" "$work/full" "$here/dnsproof"
has "$stderr" "^error: state folder $work/full/state cannot be written: (No space left on device|File too large); make room there"
engine_is_quiet
run 1 sh -c "ulimit -f 8; exec '$here/dnsproof' issue a.test --dns x --agree-tos --state '$work/small'"
has "$stderr" "^error: state folder $work/small cannot be written: File too large"
engine_is_quiet

begin output
run 0 sh -c "'$here/dnsproof' help >/dev/full; exit 0"
export DNSPROOF_FAKE_ENGINE='say {"event":"x","level":"info","message":"text"};say {"event":"x","message":"text"};done 0'
issue 2>"$work/stderr" | true
same "stderr with a closed pipe" "$(cat "$work/stderr")" ''

finish
