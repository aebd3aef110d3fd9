#!/bin/sh
# A run with fake engine, keeper and provider hosts: what they inherit, what they are told, how each end is handled.
. "${srcdir:-.}/tests/launcher/lib.sh"

account() { basename "$(ls "$state"/dns/*.json)" .json; }
remember() { # makes the state, so that the account's name is known
	run 0 issue
	account=$(account)
	rm -f "$out"/*
}

clean_environment='LANG=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
TZ=UTC'
plain_environment() { sort "$1" | grep -v '^[A-Z]*SAN_OPTIONS='; }

begin descriptors
remember
exec 7</dev/null 8>"$work/leak"
printf 'top secret value' >"$work/token"
chmod 640 "$work/token"
export DNSPROOF_FAKE_ENGINE="host $account;done 0" DNSPROOF_FAKE_HOST='eof 0' LEAK=1
run 0 issue
same "engine's descriptors" "$(sort "$out/engine.fds" | sed 's/runs.*lock/LOCK/')" "0 /dev/null
1 /dev/null
2 $work/stderr
3 socket
4 socket
5 $state/LOCK"
same "keeper's descriptors" "$(sort "$out/keeper.fds" | sed 's/memfd.*/memfd/')" "0 /dev/null
1 /dev/null
2 $work/stderr
3 socket
4 /memfd"
same "host's descriptors" "$(sort "$out/host.fds" | sed -e 's/memfd.*/memfd/' -e 's/runs.*lock/LOCK/')" "0 socket
1 socket
2 pipe
3 /memfd
4 socket
5 $state/write.lock
6 $state/LOCK"
same "hosts started, the one that judged the options serves" "$(grep -c account "$out/host.setup")" 1
same "host's word to serve" "$(cat "$out/host.go")" "{\"lock\":true,\"locks\":\"$state/locks\"}"
for p in engine keeper host; do
	same "$p's environment" "$(plain_environment "$out/$p.env")" "$clean_environment"
done
has "$(cat "$out/engine.host")" '"id":7.*"host":1.*fd=yes'
same "first line of the host" "$(cat "$out/engine.hello")" '{"protocol":1}'
same "lock files" "$(ls -A "$state/runs")" ""
exec 7<&- 8>&-

begin documents
export DNSPROOF_FAKE_HOST='content 4;eof 0' TOKEN=from-the-environment
issue2() {
	issue --set "token=file:$work/token" --set tok2=env:TOKEN --cname-target '**.Val.Test.' --name-servers 'Test=192.0.2.1,[2001:db8::1]:53' \
		--resolver 127.0.0.1:5300 --key-type p384 --ttl 30 --wait-for all --timeout 100 --wait 5 --force -v "$@"
}
run 0 issue2
account=$(account)
job=$(cat "$out/engine.job")
for part_of_job in '"job":' '"command":"issue"' "\"state\":\"$state\"" '"protocol":1' \
	'"directory":"https://ca.test:14000/dir"' '"agree_tos":true' "\"account\":\"$account\"" \
	'"cname_target":\["\*\*.val.test"\]' '"names":\["example.test","\*.example.test"\]' '"id":"example.test"' \
	"\"dns\":\[\"$account\"\]" '"key_type":"p384"' '"ttl":30' '"wait_for":"all"' '"timeout":100' '"force":true' \
	'"name_servers":\["test=192.0.2.1,\[2001:db8::1\]:53"\]' '"resolver":\["127.0.0.1:5300"\]' '"wait":5' \
	'"verbose":1' '"ca":"ca.test-14000-[0-9a-f]{16}"'; do
	has "$job" "$part_of_job"
done
keeper=$(cat "$out/keeper.setup")
has "$keeper" '"cert":\{"id":"example.test","names":\["example.test","\*.example.test"\],"types":\["p384"\]\}'
has "$keeper" '"account":\{"name":"ca.test-14000-[0-9a-f]{16}","directory":"https://ca.test:14000/dir"\}'
hasnot "$keeper$job" 'secret|from-the-environment'
rm "$out"/*
export DNSPROOF_FAKE_ENGINE="host $account;done 0"
export DNSPROOF_FAKE_HOST='content 4;eof 0'
run 0 issue2
setup=$(cat "$out/host.setup")
for piece in "\"account\":\"$account\"" '"provider":"rfc2136"' '"server":\{"value":"127.0.0.1"\}' \
	"\"token\":\{\"fd\":4,\"source\":\"file:$work/token\"\}" \
	'"tok2":\{"secret":"from-the-environment","source":"env:TOKEN"\}' '"targets":\["\*\*.val.test"\]' \
	"\"modules\":\"$work/modules\""; do
	has "$setup" "$piece"
done
same "secret descriptor" "$(cat "$out/host.content")" "top secret value"
same "files that hold secrets" "$(grep -rlE 'top secret value|from-the-environment' "$state")" ""
same "modes of remembered files" "$(find "$state" -type f ! -perm 600)" ""

begin remembered
remember
"$here/dnsproof" issue --id example.test --state "$state" >"$work/stdout" 2>&1 || bad "known certificate: $(cat "$work/stdout")"
has "$(cat "$out/engine.job")" "\"dns\":\[\"$account\"\]"
has "$(cat "$out/engine.job")" '"key_type":"p256".*|"directory":"https://ca.test:14000/dir"'
rm "$out"/*
run 0 "$here/dnsproof" clean --state "$state"
has "$(cat "$out/engine.job")" '"command":"clean"'
has "$(cat "$out/engine.job")" "\"account\":\"$account\""
hasnot "$(cat "$out/engine.job" "$out/keeper.setup")" '"cert"'

begin codes
for code in 0 1 2 4 5 70; do
	DNSPROOF_FAKE_ENGINE="done $code"
	run $code issue
done
DNSPROOF_FAKE_ENGINE="done 3" # nothing was due
run 0 issue
run 3 issue --exit-unchanged
for code in 6 -1 255; do
	DNSPROOF_FAKE_ENGINE="done $code;eof 3"
	run 1 issue
	has "$stderr" 'error: dnsproof-engine said what it must not'
done

begin events
DNSPROOF_FAKE_ENGINE='say {"event":"step","level":"info","message":"all is \u001b[31m well\nerror: no"};say {"event":"x","level":"warn","message":"slow"};say {"event":"x","level":"error","message":"broken"};say {"event":"d","level":"debug","message":"detail"};done 1'
run 1 issue
same stdout "$stdout" 'all is ?[31m well
  error: no'
same stderr "$stderr" 'warning: slow
error: broken'
run 1 issue --json -v
has "$stdout" '^\{"time":"20[0-9TZ:.-]*","event":"step","level":"info","message":"all is .u001B\[31m well.nerror: no"\}$'
same "lines of JSON" "$(printf '%s\n' "$stdout" | wc -l)" 4
same stderr "$stderr" ''

begin died
remember
DNSPROOF_FAKE_ENGINE="host $account;wait died;done 1"
DNSPROOF_FAKE_HOST='stderr first;stderr last top secret value\033[1m;crash 11'
run 1 issue
same "died report" "$(cat "$out/engine.died")" '{"died":1,"how":"signal 11 (Segmentation fault)","last":"last top secret value\\033[1m"}'
rm "$out"/*
DNSPROOF_FAKE_HOST='stderr with top secret value inside;exit 3'
DNSPROOF_FAKE_ENGINE='done 0'
run 0 issue --set "token=file:$work/token"
second=$(ls -t "$state/dns" | head -1)
DNSPROOF_FAKE_ENGINE="host ${second%.json};wait died;done 1"
run 1 issue --set "token=file:$work/token"
same "died report" "$(cat "$out/engine.died")" '{"died":1,"how":"exit code 3","last":"with *** inside"}'

begin flood
remember
DNSPROOF_FAKE_ENGINE="host $account;wait died;done 0"
DNSPROOF_FAKE_HOST='stderr the last one;flood;exit 0'
run 0 issue -v
[ "$(wc -c <"$work/stdout")" -lt 200000 ] || bad "a flood got through"
has "$(cat "$out/engine.died")" '"how":"exit code 0"'

begin killed
remember
DNSPROOF_FAKE_HOST='hang'
DNSPROOF_FAKE_ENGINE="host $account;say {\"kill\":1};wait died;done 0"
run 0 issue
has "$(cat "$out/engine.died")" '"died":1,"how":"signal 9 \(Killed\)"'
gone "$out/host.pid"

begin wishes
remember
DNSPROOF_FAKE_ENGINE='host nosuch;say {"kill":99};done 0'
run 0 issue
has "$(cat "$out/engine.host")" '"error":"no DNS account nosuch".*fd=no'
rm "$out"/*
mv "$work/prog/dnsproof-provider" "$work/prog/away"
DNSPROOF_FAKE_ENGINE="host $account;done 1"
run 2 issue
has "$stderr" 'error: cannot start .*/dnsproof-provider: No such file'
[ ! -e "$out/engine.host" ] || bad "the engine was started"
run 1 "$here/dnsproof" issue --id example.test --state "$state"
has "$(cat "$out/engine.host")" '"error":"cannot start .*/dnsproof-provider: No such file'
mv "$work/prog/away" "$work/prog/dnsproof-provider"

begin engine-crash
remember
DNSPROOF_FAKE_HOST='hang'
DNSPROOF_FAKE_ENGINE="host $account;crash 11"
run 1 issue
has "$stderr" 'error: dnsproof-engine ended unexpectedly: signal 11 \(Segmentation fault\).*dnsproof clean'
gone "$out/host.pid"
gone "$out/keeper.pid"
same "lock files left for the next run" "$(ls "$state/runs" | wc -l)" 1
DNSPROOF_FAKE_ENGINE='exit 70'
run 70 issue
DNSPROOF_FAKE_ENGINE='exit 0'
run 1 issue
has "$stderr" 'ended unexpectedly: exit code 0'
DNSPROOF_FAKE_ENGINE='say nonsense;eof 3'
run 1 issue
has "$stderr" 'error: dnsproof-engine .*JSON'
DNSPROOF_FAKE_ENGINE='done 0'
run 0 issue
same "lock files after a run that ended well" "$(ls -A "$state/runs")" ""

begin keeper-crash
DNSPROOF_FAKE_KEEPER='crash 6' DNSPROOF_FAKE_ENGINE='eof 4;done 0'
run 1 issue
has "$stderr" 'error: dnsproof-keeper ended unexpectedly: signal 6 \(Aborted\)'
DNSPROOF_FAKE_KEEPER='eof 3;exit 1' DNSPROOF_FAKE_ENGINE='done 0'
run 1 issue
has "$stderr" 'dnsproof-keeper ended unexpectedly: exit code 1'

begin missing
mv "$work/prog/dnsproof-engine" "$work/prog/away"
run 1 issue
has "$stderr" 'error: cannot start .*/dnsproof-engine: No such file.*installed'
gone "$out/keeper.pid"
mv "$work/prog/away" "$work/prog/dnsproof-engine"

for signal in INT:130 TERM:143 HUP:129; do
	name=${signal%:*}
	begin "signal-$name"
	DNSPROOF_FAKE_ENGINE='wait signal;done 1'
	in_place=exec
	issue >"$work/stdout" 2>"$work/stderr" &
	launcher=$!
	in_place=
	appears "$out/engine.waits" signal && kill -"$name" $launcher
	wait $launcher
	same "exit status" $? "${signal#*:}"
	same "the engine is told" "$(cat "$out/engine.signal")" '{"signal":1}'
	has "$(cat "$work/stderr")" 'stopping: removing TXT records \(Ctrl-C again stops at once\)'
done

begin second-signal
remember
DNSPROOF_FAKE_HOST='hang'
DNSPROOF_FAKE_ENGINE="host $account;wait signal;note now;hang"
in_place=exec
issue >"$work/stdout" 2>"$work/stderr" &
launcher=$!
in_place=
appears "$out/engine.waits" signal && kill -INT $launcher
appears "$out/engine.note" now && kill -TERM $launcher
wait $launcher
same "exit status" $? 130
for p in engine keeper host; do gone "$out/$p.pid"; done

# Leftovers of an account whose secret a program tells: the signal does not wait for that program.
begin signal-secret
run 0 "$here/dnsproof" issue example.test --ca https://ca.test:14000/dir --agree-tos --dns rfc2136 --set server=127.0.0.1 \
	--set "key=cmd:/bin/sh -c 'if test -e $out/slow; then echo >$out/sleeps; exec sleep 60; fi; echo secret'" --state "$state"
account=$(account)
rm -f "$out"/*
: >"$out/slow"
DNSPROOF_FAKE_ENGINE="host $account;wait signal;done 1"
DNSPROOF_TEST_CMD_MS=600000 "$here/dnsproof" clean --state "$state" >"$work/stdout" 2>"$work/stderr" &
launcher=$!
tries=400
until [ -e "$out/sleeps" ] || [ $tries = 0 ]; do tries=$((tries - 1)); sleep 0.05; done
kill -INT $launcher
appears "$out/engine.signal" signal
wait $launcher
same "exit status" $? 130
has "$(cat "$work/stderr")" 'stopping: removing TXT records'

begin launcher-killed
remember
DNSPROOF_FAKE_HOST='hang'
DNSPROOF_FAKE_ENGINE="host $account;note now;eof 3"
in_place=exec
issue >"$work/stdout" 2>"$work/stderr" &
launcher=$!
in_place=
appears "$out/engine.note" now && kill -KILL $launcher
wait $launcher 2>/dev/null
for p in engine keeper host; do gone "$out/$p.pid"; done

begin providers
run 0 "$here/dnsproof" providers
same stdout "$stdout" '--list '
run 2 "$here/dnsproof" providers nosuch
same stdout "$stdout" '--describe nosuch'

finish
