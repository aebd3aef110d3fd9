#!/bin/bash
# dnsproof import: the folders that certbot, lego, dehydrated and acme.sh have made are taken, each with its CA account and what it
# has for DNS, and renewed; no account is made. What of them is not installed is left out, loudly.
# wants: acme-sh
# once
# minutes: 8
# lab: PEBBLE_WFE_NONCEREJECT=0 PEBBLE_VA_NOSLEEP=1 PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

umask 077
has() { # CLIENT
	command -v "$1" >/dev/null && return
	echo "NOT TRIED: $1 is not installed"
	return 1
}
quietly() { # NAME CMD...: its output is in the log alone, unless it fails
	local log=$LAB_DIR/log/$1
	shift
	"$@" >>"$log" 2>&1 </dev/null || fail "$1: $(tail -n 20 "$log")"
}
import() {
	"$dnsproof" import "$@" --resolver "$LAB_RESOLVER" --state "$state"
}
# The last import's own words are typed, then what was taken is renewed with them.
goes_on() { # ID NAME...
	local key before serial now
	said "^$1: taken"
	key=$(sed -n 's/.*dnsproof ca import .* --key //p' "$out" | tail -n 1)
	before=$(accounts) serial=$(openssl x509 -in "$state/certs/$1/live/cert.pem" -noout -serial)
	expect 0 "$dnsproof" ca import "$LAB_CA" --key "$key" --ca-bundle "$LAB_CA_BUNDLE" --resolver "$LAB_RESOLVER" --state "$state"
	expect 0 "$dnsproof" renew --force "$1" --state "$state"
	check_pair "$@"
	now=$(openssl x509 -in "$state/certs/$1/live/cert.pem" -noout -serial)
	[ "$now" != "$serial" ] || fail "$1: not renewed"
	[ "$(accounts)" = "$before" ] || fail "$1: $(accounts) accounts, not $before"
}
hook() { # FILE ZONE: adds or deletes a value and waits until every server has it
	cat >"$1" <<END
#!/bin/sh
printf 'server $LAB_BIND\nzone $2\nupdate %s %s %s TXT %s\nsend\n' "\$1" "\$2" "\$3" "\$4" | nsupdate -k $LAB_TSIG_KEY || exit 1
[ "\$1" = del ] || timeout 20 sh -c 'for s in $LAB_BIND $LAB_KNOT $LAB_NSD; do until dig +short @\$s '"\$2"' TXT | grep -qe '"\$4"'; do :; done; done'
END
	chmod 700 "$1"
}

# What is none.
expect 2 import
said 'type dnsproof import /etc/letsencrypt'
mkdir "$LAB_DIR/empty"
expect 2 import "$LAB_DIR/empty"
said 'is no folder of certbot .*lego .*dehydrated .*acme.sh'
[ ! -e "$state" ] || fail "a state folder was made"

if has certbot; then
	state=$LAB_DIR/state.certbot tree=$LAB_DIR/letsencrypt
	hook "$LAB_DIR/nsupdate" example.test
	printf '#!/bin/sh\n%s $1 _acme-challenge.$CERTBOT_DOMAIN 60 $CERTBOT_VALIDATION\n' "$LAB_DIR/nsupdate" >"$LAB_DIR/certbot-hook"
	chmod 700 "$LAB_DIR/certbot-hook"
	quietly certbot env REQUESTS_CA_BUNDLE="$LAB_CA_BUNDLE" certbot certonly -n --manual --preferred-challenges dns \
		--manual-auth-hook "$LAB_DIR/certbot-hook add" --manual-cleanup-hook "$LAB_DIR/certbot-hook del" \
		--server "$LAB_CA" --register-unsafely-without-email --agree-tos --key-type ecdsa \
		--config-dir "$tree" --work-dir "$LAB_DIR/work" --logs-dir "$LAB_DIR/log" -d example.test -d www.example.test
	find "$tree" -type f -exec sha256sum {} + | sort >"$LAB_DIR/before"
	expect 0 import "$tree" --dry-run
	said '^example.test: would be taken \(example.test, www.example.test\)' 'systemctl disable --now certbot.timer'
	[ ! -e "$state" ] || fail "--dry-run made a state folder"
	expect 0 import "$tree"
	cmp "$tree/live/example.test/cert.pem" "$state/certs/example.test/live/cert.pem" || fail "another certificate"
	find "$tree" -type f -exec sha256sum {} + | sort | diff "$LAB_DIR/before" - || fail "the other client's files are changed"
	goes_on example.test example.test www.example.test
	expect 1 import "$tree"
	said 'example.test: not taken: there is a certificate example.test already.*dnsproof remove example.test'

	if has nginx; then
		mkdir "$LAB_DIR/nginx"
		cat >"$LAB_DIR/nginx.conf" <<-END
			user root root;
			pid $LAB_DIR/nginx/pid;
			error_log $LAB_DIR/log/nginx;
			events {}
			http {
				access_log off;
				$(printf "%s_temp_path $LAB_DIR/nginx/%s; " client_body client_body proxy proxy fastcgi fastcgi uwsgi uwsgi scgi scgi)
				server {
					listen 127.0.0.1:8443 ssl;
					ssl_certificate $state/certs/example.test/live/fullchain.pem;
					ssl_certificate_key $state/certs/example.test/live/privkey.pem;
				}
			}
		END
		quietly nginx.out nginx -e "$LAB_DIR/log/nginx" -c "$LAB_DIR/nginx.conf"
		served=$(openssl s_client -connect 127.0.0.1:8443 -servername example.test </dev/null 2>/dev/null | openssl x509 -noout -serial)
		quietly nginx.out nginx -e "$LAB_DIR/log/nginx" -c "$LAB_DIR/nginx.conf" -s stop
		[ "$served" = "$(openssl x509 -in "$state/certs/example.test/live/cert.pem" -noout -serial)" ] || fail "nginx serves $served"
	fi

	# A link that leads out of the folder, a key of another pair, an expired certificate.
	state=$LAB_DIR/state.bent
	ln -sf "$LAB_TSIG_KEY" "$tree/live/example.test/privkey.pem"
	expect 1 import "$tree"
	said 'example.test: not taken: live/example.test/privkey.pem: leads out of the folder'
	rm "$tree/live/example.test/privkey.pem"
	openssl ecparam -name prime256v1 -genkey -noout -out "$tree/live/example.test/privkey.pem"
	expect 1 import "$tree"
	said 'not taken: the certificate is for another key'
	openssl req -x509 -key "$tree/live/example.test/privkey.pem" -subj / -addext subjectAltName=DNS:old.test -addext basicConstraints=CA:FALSE \
		-days 3 -out "$LAB_DIR/old.pem"
	rm "$tree/live/example.test/fullchain.pem"
	openssl x509 -in "$LAB_DIR/old.pem" -signkey "$tree/live/example.test/privkey.pem" -days -1 -out "$tree/live/example.test/fullchain.pem"
	expect 1 import "$tree"
	said 'not taken: it expired on .*dnsproof issue old.test'
	[ -z "$(find "$state/certs" "$state/issued" -mindepth 1)" ] || fail "something was taken"
fi

if has lego; then
	state=$LAB_DIR/state.lego tree=$LAB_DIR/lego
	quietly lego env RFC2136_NAMESERVER="$LAB_BIND:53" RFC2136_TSIG_ALGORITHM=hmac-sha256. RFC2136_TSIG_KEY=acme \
		RFC2136_TSIG_SECRET="$(sed -n 's/.*secret "\(.*\)".*/\1/p' "$LAB_TSIG_KEY")" LEGO_CA_CERTIFICATES="$LAB_CA_BUNDLE" \
		lego --path "$tree" --accept-tos --email a@example.test --server "$LAB_CA" --dns rfc2136 --dns.resolvers "$LAB_RESOLVER" \
		-d '*.z001.test' run
	expect 0 import "$tree" --ca "$LAB_CA" "${bind[@]}"
	goes_on z001.test '*.z001.test'
fi

if has dehydrated; then
	state=$LAB_DIR/state.dehydrated tree=$LAB_DIR/dehydrated
	mkdir "$tree"
	hook "$LAB_DIR/nsupdate" z002.test
	cat >"$tree/hook" <<-END
		#!/bin/sh
		case \$1 in
		deploy_challenge) exec $LAB_DIR/nsupdate add _acme-challenge.\$2 60 \$4 ;;
		clean_challenge) exec $LAB_DIR/nsupdate del _acme-challenge.\$2 60 \$4 ;;
		esac
	END
	chmod 700 "$tree/hook"
	printf '%s\n' "BASEDIR=$tree" "CA=$LAB_CA" CHALLENGETYPE=dns-01 "HOOK=$tree/hook" KEY_ALGO=prime256v1 \
		"CURL_OPTS='--cacert $LAB_CA_BUNDLE'" >"$tree/config"
	echo 'z002.test www.z002.test' >"$tree/domains.txt"
	quietly dehydrated dehydrated -f "$tree/config" --register --accept-terms
	quietly dehydrated dehydrated -f "$tree/config" --cron
	expect 0 import "$tree"
	said 'the renewals of dehydrated: crontab -e'
	goes_on z002.test z002.test www.z002.test
fi

if [ -n "${LAB_ACMESH-}" ]; then
	state=$LAB_DIR/state.acmesh tree=$LAB_DIR/acmesh
	cp -r "$LAB_ACMESH" "$tree"
	quietly acmesh env PDNS_Url="http://$LAB_PDNS:8081" PDNS_ServerId=localhost PDNS_Token=lab PDNS_Ttl=60 "$tree/acme.sh" --home "$tree" \
		--issue --server "$LAB_CA" --ca-bundle "$LAB_CA_BUNDLE" --dns dns_pdns --dnssleep 1 --keylength ec-256 -d val.test -d '*.val.test'
	expect 0 import "$tree"
	said 'the renewals of acme.sh: '
	goes_on val.test val.test '*.val.test'
else
	echo "NOT TRIED: acme.sh could not be had"
fi

# A pair of files, in any order.
state=$LAB_DIR/state.files
openssl ecparam -name prime256v1 -genkey -noout -out "$LAB_DIR/key.pem"
openssl req -x509 -key "$LAB_DIR/key.pem" -subj / -addext subjectAltName=DNS:pair.test -addext basicConstraints=CA:FALSE \
	-days 30 -out "$LAB_DIR/pair.pem"
expect 0 import "$LAB_DIR/pair.pem" "$LAB_DIR/key.pem"
said 'pair.test: taken .*--ca says another' 'pair.test cannot be renewed yet: the folder does not tell its DNS provider.*dnsproof issue --id pair.test'
expect 0 "$dnsproof" status --state "$state"
said 'pair.test'
