#!/bin/bash
# Mistakes at the command line, each with its message and exit code, compared with mistakes.golden beside this file
# (MISTAKES_WRITE=1 writes it anew: look at the difference as an administrator would read it). Nothing is asked of any
# network, nothing is written.
. "$(dirname "$0")/functions.sh"

golden=$(cd "$(dirname "$0")" && pwd)/mistakes.golden
found=$LAB_DIR/mistakes.found
state=$LAB_DIR/never
tsig=$(sed -n 's/.*secret "\(.*\)".*/\1/p' "$LAB_TSIG_KEY")
files=$LAB_DIR/files
mkdir -m 755 "$files"
printf 'secret\n' >"$files/open"
chmod 644 "$files/open"
(umask 077 && : >"$files/empty" && echo gibberish >"$files/nonsense" && echo secret >"$files/secret" &&
	echo 'dns_cloudflare_api_token = hush' >"$files/ini" && echo '"hush"' >"$files/quoted")
mkdir -m 755 "$files/home"
echo mine >"$files/home/.profile"
: >"$found"

try() { # ARGUMENT...: a command line, what it says, its exit code
	local rc=0 shown
	"$dnsproof" "$@" >"$out" 2>&1 </dev/null || rc=$?
	shown=${1+$(printf ' %q' "$@")}
	{
		printf '$ dnsproof%s\n' "$shown"
		cat "$out"
		printf 'exit %d\n\n' "$rc"
	} | sed -e "s#$LAB_TSIG_KEY#TSIG-KEY#g" -e "s#$LAB_DIR#LAB#g" -e "s#$DNSPROOF_INST#INST#g" -e "s#$tsig#SECRET#g" \
		-e 's/user [a-z0-9_-]* ([0-9]*)/user USER/g' >>"$found"
}
one() { # OPTION...: after the name
	try issue www.example.test "$@" --state "$state"
}
agreed=(--agree-tos)
rfc=(--dns rfc2136 --set server=192.0.2.53)

try
try isue www.example.test
try renew --force
try status
try certonly -d www.example.test
try --json issue
try help isue
try issue
try issue '*' --state "$state"
try issue a.example.test,b.example.test --state "$state"
try issue https://www.example.test/ --state "$state"
try issue root@example.test --state "$state"
try issue _acme-challenge.example.test --state "$state"
try issue 192.0.2.1 --state "$state"
try issue www..example.test --state "$state"
try issue 'www example.test' --state "$state"
try issue my_host.example.test --state "$state"
try issue '*.*.example.test' --state "$state"
try issue localhost --state "$state"
try issue www.example.test WWW.Example.Test. --state "$state"
try issue www.example.test '*.example.test' --state "$state"
try issue -d www.example.test
one
one --colour
one --agree
one --key p256
one --policy all
one --ttl
one --ttl 0
one --ttl 1x
one --timeout 10x
one --json=1
one --key-type dsa
one --wait-for some
one --email nobody
one --resolver dns.example.test
one --name-servers ns1.example.test
one --id ../x
one --proxy 192.0.2.1:3128
one --set server=192.0.2.53
one --dns no-such-provider "${agreed[@]}"
one --dns ../x "${agreed[@]}"
one --dns rfc2136 --set topsecret
one --dns rfc2136 "${agreed[@]}"
one "${rfc[@]}" --set colour=blue "${agreed[@]}"
one "${rfc[@]}" --set server=192.0.2.54 "${agreed[@]}"
one "${rfc[@]}" --set "key=$tsig" "${agreed[@]}"
one "${rfc[@]}" --set "key=$files/nonsense" "${agreed[@]}"
one "${rfc[@]}" --set "key=file:/no/such/file" "${agreed[@]}"
one "${rfc[@]}" --set "key=file:$files/open" "${agreed[@]}"
one "${rfc[@]}" --set "key=file:$files/empty" "${agreed[@]}"
one "${rfc[@]}" --set "key=file:$files/nonsense" "${agreed[@]}"
one "${rfc[@]}" --set "key=file:$files" "${agreed[@]}"
one "${rfc[@]}" --set "key=file:$files/ini" "${agreed[@]}"
one --dns cloudflare "${agreed[@]}"
one --dns cloudflare --set "token=file:$files/ini" "${agreed[@]}"
one --dns cloudflare --set "token=file:$files/quoted" "${agreed[@]}"
one --dns cloudflare --set email=root@example.test "${agreed[@]}"
one "${rfc[@]}" --set key=env:NO_SUCH_VARIABLE "${agreed[@]}"
one "${rfc[@]}" --set key=cmd:pass "${agreed[@]}"
one "${rfc[@]}" --set key=cred:acme "${agreed[@]}"
one "${rfc[@]}" --set "key=file:$LAB_TSIG_KEY"
one "${rfc[@]}" --ca letsencryp "${agreed[@]}"
one "${rfc[@]}" --ca http://ca.example.test/ "${agreed[@]}"
one "${rfc[@]}" --ca zerossl "${agreed[@]}"
one "${rfc[@]}" --ca buypass "${agreed[@]}"
one "${rfc[@]}" --ca nowhere "${agreed[@]}"
one "${rfc[@]}" --ca-bundle /no/such/bundle.pem "${agreed[@]}"
one "${rfc[@]}" --eab-kid k "${agreed[@]}"
one "${rfc[@]}" --eab-kid k --eab-key "$tsig" "${agreed[@]}"
try issue --id nothing.example.test --state "$state"
try issue www.example.test "${rfc[@]}" --set "key=file:$LAB_TSIG_KEY" "${agreed[@]}" --state "$files/home"
try issue www.example.test "${rfc[@]}" --set "key=file:$LAB_TSIG_KEY" "${agreed[@]}" --state "$files/secret"
try clean www.example.test
try clean --force
try clean --state "$state"
try providers a b c

[ ! -e "$state" ] || fail "a mistake left a state folder behind: $(find "$state")"
[ "$(ls -A "$files/home")" = .profile ] || fail "a mistake wrote into a folder of somebody else"
! grep -qF "$tsig" "$out" || fail "a secret was shown"
[ "$(grep -c '^exit ' "$found")" -ge 50 ] || fail "fewer than fifty mistakes"
if [ -n "${MISTAKES_WRITE:-}" ]; then cp "$found" "$golden"; fi
diff -u "$golden" "$found" || fail "other messages than in $golden (MISTAKES_WRITE=1 takes them)"
