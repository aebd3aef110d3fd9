#!/bin/bash
# The hooks that a user of certbot has: what the first prints, the second gets.
. "$(dirname "$0")/functions.sh"

cat >"$LAB_DIR/hook" <<'END'
#!/bin/sh
name=_acme-challenge.$CERTBOT_DOMAIN
printf 'server 127.0.2.1\nzone example.test\nupdate %s %s %s TXT %s\nsend\n' "$1" $name "$2" "$CERTBOT_VALIDATION" | nsupdate -k "$KEY" || exit 1
echo "  $1 $CERTBOT_VALIDATION  "
[ "$1" = add ] || [ "$CERTBOT_AUTH_OUTPUT" = "add $CERTBOT_VALIDATION" ] || echo "[$CERTBOT_AUTH_OUTPUT]" >>"$LAB_DIR/bad"
END
chmod 755 "$LAB_DIR/hook"
hooks=(--dns certbothook --set "auth=$LAB_DIR/hook add 60" --set "cleanup=$LAB_DIR/hook del" --set "settings=KEY=$LAB_TSIG_KEY LAB_DIR=$LAB_DIR")
put_txt "$LAB_ADMIN_KEY" "$LAB_BIND" example.test _acme-challenge.example.test somebody-else
expect 0 issue example.test '*.example.test' "${hooks[@]}"
check_pair example.test example.test '*.example.test'
[ "$(txt_at "$LAB_BIND" _acme-challenge.example.test)" = somebody-else ] || fail "not what was there before"
[ ! -e "$LAB_DIR/bad" ] || fail "cleanup got $(cat "$LAB_DIR/bad")"

expect 1,2 issue web.test "${hooks[@]}" --cname-target web.val.test --timeout 10
said 'web.val.test: hooks of this kind write at _acme-challenge'
[ "$(orders)" = 1 ] || fail "an order was made for a name that cannot be written"
printf '#!/bin/sh\n[ $1 = del ] && exit 0\necho "the hook is on fire" >&2\nexit 1\n' >"$LAB_DIR/hook"
expect 1,2 issue www.example.test --timeout 10 "${hooks[@]}"
said "add: exit code 1: the hook is on fire"
