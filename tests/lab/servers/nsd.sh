# NSD: the server of the TLD, and a secondary.
# shellcheck shell=bash

lab_nsd_server() { # FOLDER ADDRESS
	cat <<-END
		server:
		    ip-address: $2
		    zonesdir: "$LAB_DIR/$1"
		    zonelistfile: "$LAB_DIR/$1/zone.list"
		    xfrdfile: "$LAB_DIR/$1/xfrd.state"
		    xfrdir: "$LAB_DIR/$1"
		    pidfile: ""
		    database: ""
		    username: ""
		    chroot: ""
		    server-count: 1
		    verbosity: 1
		    rrl-ratelimit: 0
		    rrl-whitelist-ratelimit: 0
		remote-control:
		    control-enable: no
	END
}

tld_conf() {
	{
		lab_nsd_server tld $LAB_TLD
		printf 'zone:\n    name: "test"\n    zonefile: "test.zone"\n'
	} >"$LAB_DIR/tld/nsd.conf"
}
tld_start() { lab_start tld "$(lab_program nsd)" -d -c "$LAB_DIR/tld/nsd.conf"; }
tld_ready() { lab_wait tld lab_serves $LAB_TLD test; }

nsd_conf() {
	local zone
	mkdir -p "$LAB_DIR/nsd"
	{
		lab_nsd_server nsd $LAB_NSD
		cat <<-END
			pattern:
			    name: "secondary"
			    allow-notify: 127.0.0.0/8 NOKEY
			    request-xfr: $LAB_BIND NOKEY
			    outgoing-interface: $LAB_NSD
		END
		for zone in $(lab_zones_bind); do
			printf 'zone:\n    name: "%s"\n    include-pattern: "secondary"\n' "$zone"
		done
	} >"$LAB_DIR/nsd/nsd.conf"
}
nsd_start() { lab_start nsd "$(lab_program nsd)" -d -c "$LAB_DIR/nsd/nsd.conf"; }
# shellcheck disable=SC2046
nsd_ready() { lab_wait nsd lab_serves $LAB_NSD $(lab_some_zones); }
