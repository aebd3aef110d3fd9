#!/bin/sh
# A mistake in the configuration stops nothing that worked: renew goes on as it last loaded well, a list that changes too much
# is held back until it is accepted.
. "${srcdir:-.}/tests/launcher/lib.sh"

begin mistakes
conf=$work/conf
list=$conf/list
mkdir "$conf"
lines() { # FROM TO
	i=$1
	while [ "$i" -le "$2" ]; do
		echo "c$i.test www.c$i.test"
		i=$((i + 1))
	done
}
cat >"$conf/dnsproof.yaml" <<END
ca: {main: {directory: 'https://ca.test:14000/dir', agree_tos: yes}}
dns: {own: {provider: rfc2136, set: {server: 127.0.0.1}}}
certificates: {web.test: web.test}
lists: [{file: $list, renew: no}]
END
lines 1 60 >"$list"
dnsproof() { # WORD...
	"$here/dnsproof" "$@" --config "$conf" --state "$state"
}
certificates() { # COUNT of the list
	same 'certificates of the list' "$(dnsproof config show 2>/dev/null | grep -c '^  c[0-9]*\.test: ')" "$1"
}

# Before the first renew there is nothing to compare with.
run 2 dnsproof config diff
has "$stderr" 'nothing has been accepted'
run 0 dnsproof renew
same 'the folder is its owner alone' "$(ls -ld "$state/accepted" | cut -c1-10)" drwx------
same 'so is each file' "$(ls -l "$state/accepted" | grep -vc '^-rw-------')" 1
run 0 dnsproof config diff
same 'no difference' "$stdout" ''

# The list is cut in half: nothing leaves, and that is told each time.
lines 31 61 >"$list"
for _ in 1 2; do
	run 1 dnsproof renew
	has "$stderr" "^error: $list: of 60 certificates 30 leave, 1 arrive and 0 change names, expected at most 20"
	certificates 60
done
run 1 dnsproof config check
has "$stderr" 'of 60 certificates 30 leave'
run 0 dnsproof config diff "$list"
has "$stdout" "^$list: of 60 certificates 30 leave, 1 arrive and 0 change names; digest [0-9a-f]{16}$"
has "$stdout" '^- c7.test: c7.test www.c7.test$'
has "$stdout" '^\+ c61.test: c61.test www.c61.test$'
same 'lines' "$(printf '%s\n' "$stdout" | wc -l)" 32
digest=$(printf '%s\n' "$stdout" | sed -n 's/.*digest //p')

# It is accepted by its digest, and only while it has that.
run 2 dnsproof config accept "$list"
has "$stderr" 'needs the digest that dnsproof config diff'
run 2 dnsproof config accept --digest "$digest"
run 2 dnsproof config accept "$conf/dnsproof.yaml" --digest "$digest"
run 2 dnsproof config accept "$conf/nothing" --digest "$digest"
lines 30 61 >"$list"
run 2 dnsproof config accept "$list" --digest "$digest"
has "$stderr" 'has not the digest'
certificates 60
lines 31 61 >"$list"
run 0 dnsproof config accept "$list" --digest "$digest"
has "$stdout" "^accepted: $list"
run 0 dnsproof renew
same 'silent' "$stdout$stderr" ''
certificates 31

# Names that change, of a list without an end, are shown too.
{ sed 's/ www/ ftp/' "$list" && printf 'c99.test'; } >"$list.new"
mv "$list.new" "$list"
run 1 dnsproof renew
has "$stderr" 'the last line has no end, expected a whole file; its previous lines stay in force'
run 0 dnsproof config diff
has "$stdout" '^~ c40.test: c40.test www.c40.test -> c40.test ftp.c40.test$'
lines 31 61 >"$list"
run 0 dnsproof renew

# An error in YAML, or no folder at all: as it last loaded well.
cp "$conf/dnsproof.yaml" "$work/right"
printf 'certficates: {}\ndefaults: {ttl: x}\n' >>"$conf/dnsproof.yaml"
rm -f "$out"/*
run 2 dnsproof renew web.test --force
has "$stderr" 'dnsproof.yaml:5: .*did you mean certificates'
has "$stderr" "dnsproof.yaml:6: ttl: 'x'"
has "$stderr" '^warning: going on with the configuration of 20[0-9-]* [0-9:]* UTC$'
has "$(cat "$out/engine.job")" '"id":"web.test"'
mv "$conf" "$conf.away"
rm -f "$out"/*
run 2 dnsproof renew web.test --force
has "$stderr" "no configuration $conf: .*remove the folder accepted"
has "$(cat "$out/engine.job")" '"id":"web.test"'
mv "$conf.away" "$conf"
cp "$work/right" "$conf/dnsproof.yaml"
run 0 dnsproof renew
certificates 31
finish
