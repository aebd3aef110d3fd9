#!/bin/bash
# Every program under valgrind: no error and no leak.
# lab: PEBBLE_AUTHZREUSE=0
# only-named
# minutes: 8
. "$(dirname "$0")/functions.sh"

needs_hooks
command -v valgrind >/dev/null || skip "valgrind is missing; on Debian: apt-get install valgrind"
# The launcher starts what it finds in these folders: scripts of the same names that start the program under valgrind.
mkdir "$LAB_DIR/programs"
for program in "$DNSPROOF_INST"/libexec/dnsproof/dnsproof-engine "$DNSPROOF_INST"/libexec/dnsproof/dnsproof-keeper \
	"$DNSPROOF_INST"/bin/dnsproof-provider; do
	name=${program##*/}
	printf '#!/bin/sh\nexec /usr/bin/valgrind -q --leak-check=full --errors-for-leak-kinds=definite,indirect --show-leak-kinds=definite,indirect --error-exitcode=99 --log-file=%s "%s" "$@"\n' \
		"$LAB_DIR/valgrind.$name.%p" "$program" >"$LAB_DIR/programs/$name"
	chmod 755 "$LAB_DIR/programs/$name"
done
export DNSPROOF_PROGDIR=$LAB_DIR/programs DNSPROOF_BINDIR=$LAB_DIR/programs
expect 0 issue example.test '*.example.test' "${bind[@]}"
expect 1,2 issue refuse.test "${bind[@]}"
expect 0 clean
for command in "revoke example.test --reason superseded" "ca rollover $LAB_CA" "remove example.test"; do
	# shellcheck disable=SC2086
	expect 0 "$dnsproof" $command --state "$state"
done
ls "$LAB_DIR"/valgrind.dnsproof-engine.* >/dev/null || fail "the engine did not run under valgrind"
cat "$LAB_DIR"/valgrind.* | tee "$LAB_DIR/found"
[ ! -s "$LAB_DIR/found" ] || fail "valgrind has found something"
