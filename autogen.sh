#!/bin/sh
# Makes ./configure from configure.ac; needs autoconf, automake, libtool and pkg-config.
set -e
cd "$(dirname "$0")"
need() {
	command -v "$1" >/dev/null || missing="$missing $2"
}
missing=
need autoreconf autoconf
need automake automake
need libtoolize libtool
need pkg-config pkg-config
if [ -n "$missing" ]; then
	echo "autogen.sh: missing; on Debian: apt-get install$missing    (or: scripts/setup build)" >&2
	exit 1
fi
exec autoreconf --install --force --warnings=no-portability
