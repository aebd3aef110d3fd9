#!/bin/sh
# Every source of a secret, and the environment names of required options: what the provider host is given, what is
# remembered, and what is said when a source gives nothing.
. "${srcdir:-.}/tests/launcher/lib.sh"

table='{"options":[{"key":"server","required":true,"env":["NAMED_SERVER"]},
{"key":"token","required":true,"secret":true,"env":["NAMED_TOKEN","NAMED_OTHER"]},
{"key":"extra","required":false,"env":["NAMED_EXTRA"]}]}'

with() { # ARGUMENT...
	"$here/dnsproof" issue example.test --ca https://ca.test:14000/dir --agree-tos --dns rfc2136 --state "$state" "$@"
}

with_host() { # ARGUMENT...: once more, and this time the engine asks for the provider host
	name=$(cd "$state/dns" && echo *.json)
	rm -f "$out"/*
	DNSPROOF_FAKE_HOST='eof 0' DNSPROOF_FAKE_ENGINE="host ${name%.json};done 0" with "$@"
}

remembered() { # PATTERN: in the one DNS account
	has "$(cat "$state"/dns/*.json)" "$1"
}

given() { # PATTERN: in the host's setup document
	has "$(cat "$out"/host.setup 2>/dev/null)" "$1"
}

nothing_shows() { # SECRET
	! grep -rqF "$1" "$state" "$work/stdout" "$work/stderr" || bad "$1 was written or shown"
	! grep -qaF "$1" "$out"/engine.* || bad "the engine saw $1"
}

refused() { # PATTERN ARGUMENT...
	pattern=$1
	shift
	run 2 with "$@"
	same "lines on stderr" "$(printf '%s\n' "$stderr" | wc -l)" 1
	has "$stderr" "$pattern"
	[ ! -e "$out/engine.pid" ] || bad "the engine was started"
	[ -z "$(find "$state/dns" -type f)" ] || bad "an account was remembered"
}

begin cred
mkdir "$work/credentials"
printf 'credential-value\n' >"$work/credentials/dns.token"
chmod 400 "$work/credentials/dns.token"
refused 'option token of rfc2136: cred:dns.token needs systemd.s credentials, and CREDENTIALS_DIRECTORY is not set.*LoadCredential=dns.token:/PATH' \
	--set token=cred:dns.token
export CREDENTIALS_DIRECTORY="$work/credentials"
refused 'the unit has no credential other; add LoadCredential=other:/PATH' --set token=cred:other
for name in '' . .. ../x /etc/passwd a/b .hidden; do
	refused '--set token: cred:.* names no credential' --set "token=cred:$name"
done
chmod 604 "$work/credentials/dns.token"
refused 'can be read by everyone \(mode 0604\)' --set token=cred:dns.token
chmod 420 "$work/credentials/dns.token"
refused 'can be written by others' --set token=cred:dns.token
chmod 400 "$work/credentials/dns.token"
run 0 with --set token=cred:dns.token
run 0 with_host --set token=cred:dns.token
remembered '"token": "cred:dns.token"'
given '"token":\{"fd":4,"source":"cred:dns.token"\}'
nothing_shows credential-value
unset CREDENTIALS_DIRECTORY

begin cmd
cat >"$work/tool" <<END
#!/bin/sh
echo "\$# \$*" >>"$work/tool.calls"
env >"$work/tool.env"
ls /proc/self/fd >"$work/tool.fds"
cat
printf 'from-the-command %s\n' "\$2"
END
chmod 700 "$work/tool"
NOT_FOR_TOOLS=x
export NOT_FOR_TOOLS
run 0 with --set "token=cmd:$work/tool  'a  b' \"c'd\"\$HOME;*"
rm "$work/tool.calls"
run 0 with_host --set "token=cmd:$work/tool  'a  b' \"c'd\"\$HOME;*"
remembered "\"token\": \"cmd:$work/tool  'a  b' "
given "\"token\":\{\"secret\":\"from-the-command c'd[\$]HOME;[*]\",\"source\":\"cmd:"
same "calls" "$(cat "$work/tool.calls")" "2 a  b c'd\$HOME;*"
hasnot "$(cat "$work/tool.env")" 'NOT_FOR_TOOLS|HOME='
nothing_shows from-the-command
begin cmd-refused
refused '--set token: cmd: needs the full path of a program' --set token=cmd:
refused '--set token: cmd: needs the full path of a program' --set 'token=cmd:pass show x'
refused '--set token: cmd: has an open quote' --set "token=cmd:/bin/echo 'x"
refused 'option token of rfc2136: /bin/false: ended with exit code 1' --set token=cmd:/bin/false
refused '/bin/true gives nothing' --set token=cmd:/bin/true
refused 'cannot start /no/such' --set 'token=cmd:/no/such program'
refused '/usr/bin/printf gives what is not text' --set 'token=cmd:/usr/bin/printf a\0b'
refused '/usr/bin/yes: writes more than 65536 octets' --set token=cmd:/usr/bin/yes
printf '#!/bin/sh\nkill -9 $$\n' >"$work/dies"
chmod 700 "$work/dies"
refused 'dies: ended with signal 9' --set "token=cmd:$work/dies"
# A program that stays is killed with its children, the time being cut by the test.
printf '#!/bin/sh\nsleep 300 & echo $! >%s/child\necho half\nwait\n' "$work" >"$work/stays"
chmod 700 "$work/stays"
export DNSPROOF_TEST_CMD_MS=300
refused 'stays: took longer than [0-9]+ s' --set "token=cmd:$work/stays"
gone "$work/child"
unset DNSPROOF_TEST_CMD_MS

# A secret mounted into a container: all may read it, and no chmod can change that.
begin readable
printf 'mounted' >"$work/..data"
chmod 444 "$work/..data"
ln -s ..data "$work/mounted"
run 2 "$here/dnsproof" issue a.test --dns rfc2136 --set "key=file:$work/mounted" --agree-tos --state "$state"
has "$stderr" 'can be read by everyone \(mode 0444\); type: chmod 640 .*--allow-readable'
run 0 "$here/dnsproof" issue a.test --dns rfc2136 --set "key=file:$work/mounted" --allow-readable --agree-tos --state "$state"
has "$(cat "$state"/dns/*.json)" '"allow_readable": true'
run 0 "$here/dnsproof" issue a.test --state "$state"

# An absolute path needs no current folder.
begin no-folder
printf 'secret' >"$work/plain"
chmod 600 "$work/plain"
mkdir "$work/leaves"
run 0 sh -c "cd '$work/leaves' && rmdir '$work/leaves' && exec '$here/dnsproof' issue a.test --dns rfc2136 \
	--set 'key=file:$work/plain' --agree-tos --state '$state'"
mkdir "$work/leaves"
run 2 sh -c "cd '$work/leaves' && rmdir '$work/leaves' && exec '$here/dnsproof' issue b.test --dns rfc2136 \
	--set key=file:plain --agree-tos --state '$state'"
has "$stderr" '--set key: the current folder is gone .*; give an absolute path'

begin fd
printf 'from-a-descriptor\n' >"$work/fd"
chmod 600 "$work/fd"
run 0 with --set token=fd:7 7<"$work/fd"
run 0 with_host --set token=fd:7 7<"$work/fd"
remembered '"token": "fd:7"'
given '"token":\{"secret":"from-a-descriptor","source":"fd:7"\}'
hasnot "$(cat "$out/engine.fds" "$out/host.fds")" "$work/fd\$"
nothing_shows from-a-descriptor
begin fd-pipe
echo from-a-pipe | with --set token=fd:0 >/dev/null 2>&1 || bad "standard input was not taken"
echo from-a-pipe | with_host --set token=fd:0 >/dev/null 2>&1 || bad "standard input was not taken again"
given '"secret":"from-a-pipe","source":"fd:0"'
begin fd-refused
refused 'descriptor 9 is not open; start dnsproof with it, such as 9</PATH' --set token=fd:9
refused '--set token: fd:1 names no descriptor' --set token=fd:1
refused '--set token: fd:7x names no descriptor' --set token=fd:7x
refused '--set token: fd:99999999 names no descriptor' --set token=fd:99999999
chmod 644 "$work/fd"
refused 'descriptor 7 can be read by everyone' --set token=fd:7 7<"$work/fd"
chmod 600 "$work/fd"
refused 'descriptor 8 gives nothing' --set token=fd:8 8</dev/null
refused 'descriptor 8 gives more than 65536 octets' --set token=fd:8 8</dev/zero
run 0 with --set address=fd::1
remembered '"address": "fd::1"'

begin environment
export DNSPROOF_FAKE_DESCRIBE="$table"
export NAMED_SERVER=192.0.2.7 NAMED_OTHER=token-from-env NAMED_EXTRA=wanted
run 0 with
run 0 with_host
unset NAMED_SERVER NAMED_OTHER NAMED_EXTRA
remembered '"server": "env:NAMED_SERVER"'
remembered '"token": "env:NAMED_OTHER"'
remembered '"extra": "env:NAMED_EXTRA"'
given '"token":\{"secret":"token-from-env","source":"env:NAMED_OTHER"\}'
nothing_shows token-from-env
begin environment-file
printf 'token-from-file\n' >"$work/named"
chmod 600 "$work/named"
NAMED_TOKEN_FILE=$work/named NAMED_OTHER=later run 0 with --set server=127.0.0.1
remembered '"server": "127.0.0.1"'
remembered "\"token\": \"file:$work/named\""
begin environment-given
NAMED_SERVER=192.0.2.7 NAMED_TOKEN=env-token NAMED_EXTRA=of-another run 0 with --set server=127.0.0.1 --set "token=file:$work/named"
remembered '"server": "127.0.0.1"'
remembered "\"token\": \"file:$work/named\""
hasnot "$(cat "$state"/dns/*.json)" extra
begin environment-bad
chmod 644 "$work/named"
NAMED_TOKEN_FILE=$work/named
export NAMED_TOKEN_FILE
refused "option token of rfc2136: secret file $work/named can be read by everyone" --set server=x
chmod 600 "$work/named"
NAMED_TOKEN_FILE=relative
run 0 with --set server=x
hasnot "$(cat "$state"/dns/*.json)" token
unset NAMED_TOKEN_FILE
# Sets of several programs: one alone is taken, that of the first option that is set.
begin environment-sets
export DNSPROOF_FAKE_DESCRIBE='{"options":[{"key":"server","required":true,"env_set":true,"env":["OURS_HOST","LEGO_HOST","NSU_SERVER"]},
{"key":"key","secret":true,"env_set":true,"env":["file:LEGO_KEY_FILE_OF","file:NSU_KEY"]},{"key":"name","env_set":true,"env":["LEGO_NAME"]},{"key":"extra","env":["LEGO_EXTRA"]}]}'
NSU_SERVER=192.0.2.9 NSU_KEY=$work/named LEGO_NAME=of-another LEGO_EXTRA=loose run 0 with
remembered '"server": "env:NSU_SERVER"'
remembered "\"key\": \"file:$work/named\""
remembered '"extra": "env:LEGO_EXTRA"'
hasnot "$(cat "$state"/dns/*.json)" LEGO_NAME
begin environment-sets-other
LEGO_HOST=192.0.2.9 NSU_SERVER=192.0.2.8 NSU_KEY=$work/named LEGO_NAME=mine run 0 with
remembered '"server": "env:LEGO_HOST"'
remembered '"name": "env:LEGO_NAME"'
hasnot "$(cat "$state"/dns/*.json)" 'NSU|"key"'
begin environment-sets-relative
NSU_SERVER=192.0.2.9 NSU_KEY=named run 0 with
hasnot "$(cat "$state"/dns/*.json)" '"key"'

begin environment-unknown
for DNSPROOF_FAKE_DESCRIBE in '' '[' '[]' '{"options":7}' '{"options":[7,{"key":1,"required":true,"env":["NAMED_TOKEN"]},{"key":"t","required":true,"env":7}]}'; do
	NAMED_TOKEN=x run 0 with
	hasnot "$(cat "$state"/dns/*.json)" NAMED_TOKEN
done

begin bundle
touch "$work/ca.pem"
unset DNSPROOF_FAKE_DESCRIBE
run 0 sh -c "cd '$work' && '$here/dnsproof' issue b.test --agree-tos --dns rfc2136 --set ca_bundle=ca.pem --state '$state'"
remembered "\"ca_bundle\": \"$work/ca.pem\""

# What is said against the options is for a person to mend; that a host dies at its start may pass.
begin host-refuses
DNSPROOF_FAKE_JUDGED='{"protocol":1,"error":"option server: no address"}' run 2 with --set server=x
has "$stderr" 'rfc2136: option server: no address'
begin host-dies
DNSPROOF_FAKE_JUDGED='' run 1 with --set server=192.0.2.9
has "$stderr" 'ended without a word'
[ ! -e "$out/engine.pid" ] || bad "the engine was started"
finish
