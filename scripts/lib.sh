# Shared by the scripts that a person starts. Sourced, never run.
# shellcheck shell=bash

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { echo "${0##*/}: $*"; }
complain() { echo "${0##*/}: $*" >&2; }
die() {
	complain "$@"
	exit 1
}

# Runs CMD with its output in LOG; on failure shows the end of it and says where the rest is.
logged() { # LOG WHAT CMD...
	local log=$1 what=$2
	shift 2
	mkdir -p "$(dirname "$log")"
	if ! "$@" >"$log" 2>&1 </dev/null; then
		complain "$what failed; the end of $log:"
		tail -n 25 "$log" | sed 's/^/  /' >&2
		return 1
	fi
}

# Configures and builds in FOLDER, installs into FOLDER/inst: build_into FOLDER CONFIGURE-ARGUMENT...
# (CC and the like may be given as arguments). What is already built there is built on. Of two shells configure takes the slower,
# which then runs libtool for each file: so it is told which. By a relative path, so that what `make distcheck` compiles, two folders
# below its sources, is the same to ccache as what a folder two below ours has compiled.
build_into() {
	local dir=$1 args
	shift
	args="$*"
	mkdir -p "$dir"
	if [ ! -x "$top/configure" ] || [ "$top/configure.ac" -nt "$top/configure" ]; then
		(
			flock 9
			[ -x "$top/configure" ] && ! [ "$top/configure.ac" -nt "$top/configure" ] ||
				logged "$dir/autogen.log" "autogen.sh" "$top/autogen.sh"
		) 9>"$dir/.autogen.lock" || return 1
	fi
	if [ ! -e "$dir/Makefile" ] || [ "$(cat "$dir/.arguments" 2>/dev/null)" != "$args" ]; then
		(cd "$dir" && logged "$dir/configure.log" "configure" env CONFIG_SHELL=/bin/sh \
			"$(realpath --relative-to=. "$top")/configure" -q --prefix="$dir/inst" "$@") || return 1
		echo "$args" >"$dir/.arguments"
	fi
	logged "$dir/make.log" "make" make -s -C "$dir" -j"$(nproc 2>/dev/null || echo 2)" all || return 1
	logged "$dir/install.log" "make install" make -s -C "$dir" install
}
