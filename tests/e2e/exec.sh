#!/bin/bash
# The exec provider with a shell script of five lines.
. "$(dirname "$0")/functions.sh"

cat >"$LAB_DIR/dns.sh" <<'END'
#!/bin/sh
[ "$1" = add ] && what="add $2 60 TXT $3" || what="del $2 TXT $3"
[ "$1" = add ] || [ "$1" = del ] || exit 2
printf 'server 127.0.2.1\nzone example.test\nupdate %s\nsend\n' "$what" | /usr/bin/nsupdate -k "$KEY_FILE"
END
sed -i "s|\\\$KEY_FILE|$LAB_TSIG_KEY|" "$LAB_DIR/dns.sh"
chmod 755 "$LAB_DIR/dns.sh"
expect 0 issue example.test '*.example.test' --dns exec --set "program=$LAB_DIR/dns.sh"
check_pair example.test example.test '*.example.test'
no_leftover example.test
printf '#!/bin/sh\necho "the DNS is on fire" >&2\nexit 1\n' >"$LAB_DIR/dns.sh"
expect 1,2 issue www.example.test --timeout 10 --dns exec --set "program=$LAB_DIR/dns.sh"
said "the DNS is on fire"
