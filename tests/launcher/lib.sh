# Shared by the launcher's script tests: a folder of their own, fakes in it, and a count of what is wrong.
set -u
here=$(pwd)
src=${srcdir:-.}
work=$(mktemp -d "${TMPDIR:-/tmp}/dnsproof-test.XXXXXX") || exit 99
launcher= # one in the background
trap '[ -z "$launcher" ] || kill -KILL "$launcher" 2>/dev/null; rm -rf "$work"' EXIT
wrong=0
in_place= # exec: what is started in the background is the launcher itself
if ! grep -q '^#define TEST_HOOKS 1' config.h; then
	echo "NOT TESTED: this build is configured without --enable-test-hooks"
	exit 77
fi
unset XDG_STATE_HOME DNSPROOF_FAKE_ENGINE DNSPROOF_FAKE_KEEPER DNSPROOF_FAKE_HOST
mkdir "$work/prog"
for name in engine keeper provider; do ln -s "$here/fake" "$work/prog/dnsproof-$name"; done
DNSPROOF_PROGDIR=$work/prog DNSPROOF_BINDIR=$work/prog DNSPROOF_PROVIDERDIR=$work/modules
export DNSPROOF_PROGDIR DNSPROOF_BINDIR DNSPROOF_PROVIDERDIR
umask 022

begin() { # NAME: a fresh state and output folder
	part=$1
	state=$work/$part.state
	DNSPROOF_FAKE_OUT=$work/$part.out
	export DNSPROOF_FAKE_OUT
	out=$DNSPROOF_FAKE_OUT
	mkdir -p "$out"
	export DNSPROOF_FAKE_ENGINE='done 0' DNSPROOF_FAKE_KEEPER='eof 3' DNSPROOF_FAKE_HOST='eof 0'
}

bad() {
	printf '%s: %.600s\n' "$part" "$*"
	wrong=$((wrong + 1))
}

issue() { # what every test issues
	$in_place "$here/dnsproof" issue example.test '*.example.test' --ca https://ca.test:14000/dir --agree-tos \
		--dns rfc2136 --set server=127.0.0.1 --state "$state" "$@"
}

run() { # CODE COMMAND...: runs it, compares the exit code; output in $stdout and $stderr
	want=$1
	shift
	"$@" >"$work/stdout" 2>"$work/stderr"
	code=$?
	stdout=$(cat "$work/stdout") stderr=$(cat "$work/stderr")
	[ "$code" = "$want" ] || bad "exit code $code, expected $want: $(printf %s "$stdout" | tail -c 200) $(printf %s "$stderr" | tail -c 300)"
}

has() { # TEXT PATTERN: TEXT contains a match of the extended regular expression
	printf '%s\n' "$1" | grep -Eq -e "$2" || bad "no match of '$2' in: $1"
}

hasnot() {
	! printf '%s\n' "$1" | grep -Eq -e "$2" || bad "a match of '$2' in: $1"
}

same() { # WHAT GOT WANTED
	[ "$2" = "$3" ] || bad "$1 is '$2', expected '$3'"
}

appears() { # FILE [TEXT]: waits until it is there (and holds TEXT); 20 s at most
	tries=400
	until [ -s "$1" ] && grep -q -e "${2:-}" "$1"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { bad "$1 ${2:-} does not appear"; return 1; }
		sleep 0.05
	done
}

gone() { # PID-FILE: no process has that number
	tries=100
	while kill -0 "$(cat "$1")" 2>/dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { bad "process of $1 lives"; return 1; }
		sleep 0.05
	done
}

finish() {
	[ $wrong = 0 ] && echo "all right" && exit 0
	echo "$wrong wrong"
	exit 1
}
