#!/bin/bash
# _acme-challenge.sb.test is a CNAME into standalone.test, which is delegated to us with glue; the responder runs for long and is
# told values at its UNIX socket, whose sockets systemd (here: a few lines of Python) has opened.
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

responder=$DNSPROOF_INST/libexec/dnsproof/dnsproof-responder
own=(--dns standalone --set ns=ns-sa.standalone.test --set zone=standalone.test --set "address=$LAB_SA" --set "listen=$LAB_SA")

# The form with a child of the provider.
expect 2 issue sb.test "${own[@]}"
said "--cname-target" "x\.standalone\.test"
expect 0 issue sb.test '*.sb.test' "${own[@]}" --cname-target '**.standalone.test' -v
said "x\.standalone\.test"
check_pair sb.test sb.test '*.sb.test'
no_process_left

# Without address the name of the server in its own zone cannot be told.
expect 2 issue sb.test '*.sb.test' --force --dns standalone --set ns=ns-sa.standalone.test --set zone=standalone.test --set "listen=$LAB_SA" \
	--cname-target '**.standalone.test'
said "address is missing"

# The long-running form.
run=("$responder" --ns ns-sa.standalone.test --zone standalone.test --address "$LAB_SA")
python3 - "$LAB_SA" "$LAB_DIR/sa.sock" "${run[@]}" <<-'END' &
	import os, socket, sys
	address, path, command = sys.argv[1], sys.argv[2], sys.argv[3:]
	udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind((address, 53))
	tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM); tcp.bind((address, 53)); tcp.listen()
	unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM); unix.bind(path); unix.listen()
	keep = [os.dup(s.fileno()) for s in (udp, tcp, unix)]
	high = [os.dup2(fd, 100 + i) for i, fd in enumerate(keep)]
	for i, fd in enumerate(high):
	    os.dup2(fd, 3 + i, inheritable=True)
	os.environ.update(LISTEN_FDS="3", LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES="udp:tcp:unix")
	os.execv(command[0], command)
END
until_true 10 sh -c "dig +short @$LAB_SA standalone.test SOA | grep -q ns-sa"
told=(--dns standalone --set ns=ns-sa.standalone.test --set "socket=$LAB_DIR/sa.sock" --cname-target '**.standalone.test')
expect 0 issue sb.test '*.sb.test' --force "${told[@]}"
check_pair sb.test sb.test '*.sb.test'
no_txt "$LAB_SA" x.standalone.test
[ -n "$(pids_of dnsproof-responder)" ] || fail "the responder ended with the run"

# A run that was killed leaves its value there; clean removes it.
value=$(printf '%043d' 7)
expect 0 "$DNSPROOF_INST/bin/dnsproof-provider" --try standalone --set ns=ns-sa.standalone.test --set "socket=$LAB_DIR/sa.sock" \
	--cname-target '**.standalone.test' add standalone.test x.standalone.test "$value"
[ "$(txt_at "$LAB_SA" x.standalone.test)" = "$value" ] || fail "the value is not there"
expect 0 "$DNSPROOF_INST/bin/dnsproof-provider" --try standalone --set ns=ns-sa.standalone.test --set "socket=$LAB_DIR/sa.sock" \
	--cname-target '**.standalone.test' del standalone.test x.standalone.test "$value"
no_txt "$LAB_SA" x.standalone.test
kill %1
wait %1 || true
expect 2 issue sb.test '*.sb.test' --force "${told[@]}"
said "socket .*systemctl"
