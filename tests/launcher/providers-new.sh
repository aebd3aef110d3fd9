#!/bin/sh
# `dnsproof providers new`: what it makes is accepted by the host and compiles.
set -eu
build=${BUILD:-$(pwd)}
top=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd)
grep -q "define TEST_HOOKS 1" "$build/config.h" || { echo "needs a build with --enable-test-hooks"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
share=$top/providers/templates
mkdir -p "$dir/include/dnsproof"
cp "$top/providers/provider.h" "$dir/include/dnsproof/"
umask 022
mkdir "$dir/work"
cd "$dir/work"

fail() {
	echo "not right: $*"
	exit 1
}
new() { DNSPROOF_TEMPLATES=$share "$build/dnsproof" providers new "$@"; }

new mydns >out || fail "a descriptor is not made: $(cat out)"
grep -q 'made mydns.yaml' out && [ -s mydns.yaml ] && [ -s mydns.case.yaml ] || fail "files are missing"
"$build/dnsproof-provider" --modules "$build/.libs" --descriptors . --describe mydns >described || fail "it is no descriptor: $(cat described)"
grep -q 'mydns' described || fail "its name is not in it"
! new mydns >out 2>&1 || fail "an existing file is overwritten"
grep -q 'File exists' out || fail "unclear: $(cat out)"
! new 'Bad/Name' >out 2>&1 || fail "a bad name is taken"

new ours --module >out || fail "a module is not made: $(cat out)"
${CC:-cc} -Wall -Wextra -Werror -shared -fPIC -I"$dir/include" $(pkg-config --cflags jansson) -o ours.so ours.c \
	$(pkg-config --libs jansson)
chmod 755 ours.so
ln -s "$build/.libs/host-http.so" host-http.so 2>/dev/null || true
"$build/dnsproof-provider" --modules . --describe ours >described || fail "it is no module: $(cat described)"
grep -q 'token' described || fail "its option is not shown"
