# What every part of the lab knows: addresses, keys, starting and waiting. Sourced, never run.
# shellcheck shell=bash disable=SC2034

LAB_HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB_ROOT=127.0.1.1 LAB_TLD=127.0.1.2 LAB_UNBOUND=127.0.1.53
LAB_BIND=127.0.2.1 LAB_BIND6=fd53::1 LAB_KNOT=127.0.2.2 LAB_NSD=127.0.2.3 LAB_KNOT2=127.0.2.4
LAB_PDNS=127.0.3.1 LAB_PEBBLE_IP=127.0.4.1 LAB_PROXY_IP=127.0.4.2
LAB_STAGING_IP=127.0.4.3 LAB_STAGING=acme-staging-v02.api.letsencrypt.org
LAB_DEAF=127.0.9.8 LAB_DEAD=127.0.9.9 LAB_SA=127.0.9.53
LAB_ALL="root tld bind knot nsd knot2 pdns unbound deaf pebble delayproxy"

export LAB_BIND LAB_BIND6 LAB_KNOT LAB_NSD LAB_KNOT2 LAB_PDNS LAB_DEAF LAB_DEAD LAB_SA
export LAB_CA=https://$LAB_PEBBLE_IP:14000/dir LAB_CA_NAMED=https://ca.test:14000/dir
export LAB_CA_SLOW=https://$LAB_PROXY_IP:14000/dir LAB_CA_MGMT=https://$LAB_PEBBLE_IP:15000
export LAB_STAGING LAB_STAGING_IP
export LAB_UNBOUND LAB_PEBBLE_IP LAB_RESOLVER=$LAB_UNBOUND:53
export LAB_CA_BUNDLE=$LAB_DIR/ca.pem
export LAB_TSIG_KEY=$LAB_DIR/acme.key LAB_VAL_KEY=$LAB_DIR/val.key LAB_ADMIN_KEY=$LAB_DIR/admin.key
export LAB_DIR

lab_with() { # NAME: is this server wanted?
	[[ " ${LAB_WITHOUT:-} " != *" $1 "* ]]
}

lab_need() { # PROGRAM PACKAGE
	command -v "$1" >/dev/null || {
		echo "lab: $1 is missing; on Debian: apt-get install $2 (or scripts/setup test)" >&2
		return 1
	}
}

# A server program by its path, or a copy of it where AppArmor would keep the packaged path out of our folder.
lab_program() { # NAME
	local path
	path=$(command -v "$1") || path=/usr/sbin/$1
	if [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ]; then
		mkdir -p "$LAB_DIR/bin"
		[ -x "$LAB_DIR/bin/$1" ] || cp "$path" "$LAB_DIR/bin/$1"
		path=$LAB_DIR/bin/$1
	fi
	echo "$path"
}

lab_start() { # NAME CMD...: in the background, output to its log, pid noted
	local name=$1
	shift
	"$@" >"$LAB_DIR/log/$name.log" 2>&1 </dev/null &
	echo $! >"$LAB_DIR/run/$name.pid"
}

lab_log_tail() { # NAME
	echo "lab: the end of $LAB_DIR/log/$1.log:" >&2
	tail -n 15 "$LAB_DIR/log/$1.log" | sed 's/^/  /' >&2
}

# Asks again and again until CMD succeeds; at most 60 s, and not longer than the server lives.
lab_wait() { # NAME CMD...
	local name=$1 end=$((SECONDS + 60)) pid
	shift
	pid=$(cat "$LAB_DIR/run/$name.pid")
	until "$@" >/dev/null 2>&1; do
		if ! kill -0 "$pid" 2>/dev/null; then
			echo "lab: $name ended" >&2
			lab_log_tail "$name"
			return 1
		elif [ $SECONDS -ge $end ]; then
			echo "lab: $name gave no answer within 60 s" >&2
			lab_log_tail "$name"
			return 1
		fi
		read -rt 0.03 <>"$LAB_DIR/run/never" || true
	done
}

lab_serves() { # ADDRESS ZONE...: an answer with its SOA for each
	local address=$1 zone questions=()
	shift
	for zone; do
		questions+=("$zone" SOA)
	done
	[ "$(dig +noall +answer +norec +tries=1 +time=1 "@$address" "${questions[@]}" | grep -c '[[:space:]]SOA[[:space:]]')" = $# ]
}

lab_resolves() { # NAME: does the recursive resolver find an SOA there?
	dig +short +tries=1 +time=2 "@$LAB_UNBOUND" "$1" SOA | grep -q .
}

lab_key() { # NAME FILE: a new TSIG key in BIND's form
	(
		umask 077
		printf 'key "%s" {\n\talgorithm hmac-sha256;\n\tsecret "%s";\n};\n' "$1" "$(openssl rand -base64 32)" >"$2"
	)
}

lab_secret() { # FILE: the secret in it
	sed -n 's/.*secret "\(.*\)".*/\1/p' "$1"
}

lab_tool() { # NAME: path of one of our own small programs, compiled if need be
	local built=${LAB_TOOLS:-$LAB_HERE}/$1
	if [ ! -x "$built" ]; then
		built=$LAB_DIR/bin/$1
		mkdir -p "$LAB_DIR/bin"
		[ -x "$built" ] || ${CC:-cc} -O1 -o "$built" "$LAB_HERE/$1.c" || return 1
	fi
	echo "$built"
}

for lab_file in "$LAB_HERE"/zones.sh "$LAB_HERE"/servers/*.sh; do
	# shellcheck source=/dev/null
	. "$lab_file"
done
