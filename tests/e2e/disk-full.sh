#!/bin/bash
# A state folder on a full disk, from the start and filling up at every size: a message, no TXT left, no wrong pair, no order unless written.
# lab: PEBBLE_AUTHZREUSE=0
# minutes: 8
. "$(dirname "$0")/functions.sh"

disk=$LAB_DIR/disk
mkdir "$disk"
mount -t tmpfs -o size=8m,mode=700 tmpfs "$disk"
state=$disk/state

fill() { # KIB-LEFT
	rm -f "$disk/ballast"
	dd if=/dev/zero of="$disk/ballast" bs=1k count=$(($(df --output=avail -k "$disk" | tail -n 1) - $1)) 2>"$LAB_DIR/log/dd.log" || true
}
fill 0
orders_before=$(orders)
expect 1 issue example.test '*.example.test' "${bind[@]}"
said 'space|disk|full'
[ "$(orders)" = "$orders_before" ] || fail "an order was made that could not be written down"
rm -f "$disk/ballast"
rm -rf "$state"
expect 0 issue example.test '*.example.test' "${bind[@]}"
live=$(readlink "$state/certs/example.test/live")

sizes="4 32 64 96 128 160 256"
[ -z "$full" ] || sizes=$(seq 0 4 256)
for kib in $sizes; do
	fill "$kib"
	echo "== $kib KiB left"
	expect 0,1,5 issue example.test '*.example.test' --force "${bind[@]}"
	check_pair example.test example.test '*.example.test'
	rm -f "$disk/ballast"
	expect 0,5 clean
	no_leftover example.test
done
expect 0,5 issue example.test '*.example.test' --force "${bind[@]}"
check_pair example.test example.test '*.example.test'

# Nearly full, from the start: what is written first fits, SQLite does not (case 14); and a journal of rubbish.
mv "$state" "$disk/kept"
for kib in 100 136 150; do
	mkdir -m 711 "$state"
	fill "$kib"
	expect 1 issue www.example.test "${bind[@]}"
	said 'make room'
	rm -f "$disk/ballast"
	rm -rf "$state"
done
mkdir -m 711 "$state"
printf 'rubbish%.0s' $(seq 1000) >"$state/state.db"
chmod 600 "$state/state.db"
expect 1 issue www.example.test "${bind[@]}"
said "$state/state.db" 'damaged' 'move it away'
rm -rf "$state"
mv "$disk/kept" "$state"

# A limit on the size of files is an error of what is written, not a signal that kills the writer.
limited() { # KIB CMD...
	(ulimit -f "$1" && shift && "$@")
}
mv "$state" "$disk/kept"
for kib in 8 24 48 100; do
	expect 1 limited "$kib" issue www.example.test "${bind[@]}"
	said 'error: '
	not_said 'ended unexpectedly|SIGXFSZ|signal 25'
	rm -rf "$state"
done
mv "$disk/kept" "$state"

[ "$(accounts)" -le 2 ] || fail "$(accounts) accounts"
no_leftover example.test
