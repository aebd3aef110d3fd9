#!/bin/bash
# The hook that a user of dehydrated has, one challenge a run and, as with HOOK_CHAIN, several.
. "$(dirname "$0")/functions.sh"

cat >"$LAB_DIR/hook" <<'END'
#!/bin/sh
case $1 in
deploy_challenge) op=add ttl=60 ;;
clean_challenge) op=del ttl= ;;
*) exit 0 ;;
esac
echo "$*" >>"$LOG"
shift
{
	echo server 127.0.2.1
	echo zone example.test
	while [ $# -ge 3 ]; do
		echo "update $op _acme-challenge.$1. $ttl TXT $3"
		shift 3
	done
	echo send
} | nsupdate -k "$KEY"
END
chmod 755 "$LAB_DIR/hook"
hook=(--dns dehydratedhook --set "hook=$LAB_DIR/hook" --set "settings=KEY=$LAB_TSIG_KEY LOG=$LAB_DIR/hook.log")

expect 0 issue example.test '*.example.test' "${hook[@]}"
check_pair example.test example.test '*.example.test'
no_leftover example.test
cat "$LAB_DIR/hook.log"
[ "$(grep -c '^deploy_challenge example.test dnsproof [^ ]*$' "$LAB_DIR/hook.log")" = 2 ] || fail "not two runs of one challenge"
[ "$(grep -c '^clean_challenge example.test dnsproof [^ ]*$' "$LAB_DIR/hook.log")" = 2 ] || fail "not two runs that clean"

rm "$LAB_DIR/hook.log"
expect 0 issue a.example.test '*.a.example.test' b.example.test "${hook[@]}" --set chain=yes
check_pair a.example.test a.example.test '*.a.example.test' b.example.test
no_leftover a.example.test b.example.test
cat "$LAB_DIR/hook.log"
[ "$(grep -c deploy_challenge "$LAB_DIR/hook.log")" -lt 3 ] || fail "no chain"
