#!/bin/bash
# A configuration with several DNS accounts: one certificate over three zones at two accounts of one provider and one of another, a
# delegated name at the account of its target, and a zone at two providers, which are written both or not at all.
# once
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

conf=$LAB_DIR/conf
mkdir "$conf"
(umask 077 && echo lab >"$LAB_DIR/api.key")
cat >"$LAB_DIR/twin.sh" <<END
#!/bin/sh
case \$1 in
add) [ ! -e "$LAB_DIR/on-fire" ] || { echo "the DNS is on fire" >&2; exit 1; }; what="add \$2 60 TXT \$3" ;;
del) what="del \$2 TXT \$3" ;;
*) exit 2 ;;
esac
echo "\$*" >>"$LAB_DIR/twin.log"
printf 'server $LAB_KNOT2\nzone twin.test\nupdate %s\nsend\n' "\$what" | /usr/bin/nsupdate -k $LAB_TSIG_KEY
END
chmod 755 "$LAB_DIR/twin.sh"
cat >"$conf/dnsproof.yaml" <<Y
defaults: {ca: lab, resolver: '$LAB_RESOLVER'}
ca:
  lab: {directory: '$LAB_CA', ca_bundle: $LAB_CA_BUNDLE, agree_tos: yes, cache: 0}
dns:
  one: {provider: rfc2136, set: {server: $LAB_BIND, key: 'file:$LAB_TSIG_KEY'}, zone: [z001.test, twin.test], both: yes}
  two: {provider: rfc2136, set: {server: $LAB_BIND, key: 'file:$LAB_ADMIN_KEY'}, zone: refuse.test}
  api: {provider: pdns, set: {url: 'http://$LAB_PDNS:8081', key: 'file:$LAB_DIR/api.key'}, zone: val.test, cname_target: '**.val.test'}
  twin: {provider: exec, set: {program: $LAB_DIR/twin.sh}, zone: twin.test, both: yes}
certificates:
  three: z001.test *.z001.test refuse.test x.val.test
  web.test: web.test
  twin.test: {name: 'twin.test *.twin.test', timeout: 10}
Y
renew() {
	"$dnsproof" renew "$@" --config "$conf" --state "$state"
}
none_left() {
	no_leftover z001.test refuse.test web.test twin.test
	no_txt "$LAB_PDNS" _acme-challenge.x.val.test web.val.test
	no_txt "$LAB_KNOT2" _acme-challenge.twin.test
}

# refuse.test takes the second key alone: neither account could have done all of it.
expect 0 renew
for id in three web.test twin.test; do said "$id: certificate published"; done
not_said 'is not removed'
check_pair three z001.test '*.z001.test' refuse.test x.val.test
check_pair web.test web.test
check_pair twin.test twin.test '*.twin.test'
[ "$(grep -c '^add ' "$LAB_DIR/twin.log") $(grep -c '^del ' "$LAB_DIR/twin.log")" = '2 2' ] || fail "$(cat "$LAB_DIR/twin.log")"
none_left

# One of both cannot: nothing is even begun.
chmod 000 "$LAB_DIR/twin.sh"
made=$(orders)
expect 1,2 renew twin.test --force --retry
chmod 755 "$LAB_DIR/twin.sh"
[ "$(orders)" = "$made" ] || fail "an order was made"
none_left
expect 0 renew twin.test --force --retry
check_pair twin.test twin.test '*.twin.test'
none_left

# One of both fails: the other keeps nothing, and no challenge was posted, so that nothing was refused.
: >"$LAB_DIR/on-fire"
posted() { grep -c 'POST.*chalZ' "$LAB_DIR/log/pebble.log" || true; }
before=$(posted)
[ "$before" -gt 0 ] || fail "no challenge is seen in Pebble's log"
expect 1,2 renew twin.test --force
said 'twin.test: .*the DNS is on fire'
none_left
[ "$(posted)" = "$before" ] || fail "a challenge was posted"
no_process_left
