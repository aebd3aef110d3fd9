# BIND: the primary.
# shellcheck shell=bash

bind_zone() { # ZONE UPDATE-POLICY
	printf 'zone "%s" { type primary; file "%s.zone"; %s };\n' "$1" "$1" "$2"
}

bind_conf() {
	local zone policy="update-policy { grant acme zonesub TXT; grant admin zonesub ANY; };" listen6=none
	lab_has_ipv6 && listen6=$LAB_BIND6
	{
		cat "$LAB_TSIG_KEY" "$LAB_ADMIN_KEY"
		cat <<-END
			options {
				directory "$LAB_DIR/bind";
				managed-keys-directory "$LAB_DIR/bind";
				pid-file none; session-keyfile none; lock-file none;
				listen-on { $LAB_BIND; };
				listen-on-v6 { $listen6; };
				recursion no; dnssec-validation no;
				notify explicit; also-notify { $LAB_KNOT; $LAB_NSD; };
				notify-source $LAB_BIND; notify-delay 0; notify-rate 1000; startup-notify-rate 1000;
				allow-transfer { 127.0.0.0/8; }; transfers-out 200;
				max-journal-size 1m;
			};
			controls { };
		END
		for zone in $(lab_zones_bind); do
			bind_zone "$zone" "$policy"
		done
		for zone in dead.test deaf.test lame.test stale.test cut.test sa.test sb.test twin.test; do
			bind_zone "$zone" "notify no; $policy"
		done
		bind_zone refuse.test "notify no; update-policy { grant admin zonesub ANY; };"
		bind_zone static.test "notify no; allow-update { none; };"
	} >"$LAB_DIR/bind/named.conf"
}
bind_start() { lab_start bind "$(lab_program named)" -g -n 2 -c "$LAB_DIR/bind/named.conf"; }
# shellcheck disable=SC2046
bind_ready() { lab_wait bind lab_serves $LAB_BIND $(lab_some_zones) $lab_zones_alone; }

lab_some_zones() { # enough of them to say that all are there
	if lab_with many; then echo example.test z100.test nic.test; else echo example.test nic.test; fi
}
