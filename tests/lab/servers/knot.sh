# Knot: the root server, a secondary, and a primary that has the odd zones too.
# shellcheck shell=bash

lab_knot_server() { # FOLDER ADDRESS
	cat <<-END
		server:
		    rundir: $LAB_DIR/$1
		    listen: $2@53
		    udp-workers: 1
		    tcp-workers: 1
		    background-workers: 1
		log:
		  - target: stderr
		    any: info
		database:
		    storage: $LAB_DIR/$1
		    journal-db-max-size: 32M
		    kasp-db-max-size: 8M
		    timer-db-max-size: 8M
	END
}

root_conf() {
	{
		lab_knot_server root $LAB_ROOT
		cat <<-END
			zone:
			  - domain: .
			    file: $LAB_DIR/root/root.zone
			    journal-content: none
		END
	} >"$LAB_DIR/root/knot.conf"
}
root_start() { lab_start root "$(lab_program knotd)" -c "$LAB_DIR/root/knot.conf"; }
root_ready() { lab_wait root lab_serves $LAB_ROOT .; }

knot_conf() {
	local zone
	mkdir -p "$LAB_DIR/knot"
	{
		lab_knot_server knot $LAB_KNOT
		cat <<-END
			remote:
			  - id: primary
			    address: $LAB_BIND
			    via: $LAB_KNOT
			acl:
			  - id: notify
			    address: 127.0.0.0/8
			    action: notify
			template:
			  - id: default
			    storage: $LAB_DIR/knot
			    master: primary
			    acl: notify
			    zonefile-load: none
			    zonefile-sync: -1
			    journal-content: none
			zone:
		END
		for zone in $(lab_zones_bind); do
			echo "  - domain: $zone"
		done
	} >"$LAB_DIR/knot/knot.conf"
}
knot_start() { lab_start knot "$(lab_program knotd)" -c "$LAB_DIR/knot/knot.conf"; }
# shellcheck disable=SC2046
knot_ready() { lab_wait knot lab_serves $LAB_KNOT $(lab_some_zones); }

knot2_conf() {
	{
		lab_knot_server knot2 $LAB_KNOT2
		cat <<-END
			key:
			  - id: acme
			    algorithm: hmac-sha256
			    secret: $(lab_secret "$LAB_TSIG_KEY")
			acl:
			  - id: update
			    key: acme
			    action: [update, transfer]
			template:
			  - id: default
			    storage: $LAB_DIR/knot2
			    file: "%s.zone"
			    zonefile-sync: -1
			    journal-content: all
			    zonefile-load: difference-no-serial
			zone:
			  - domain: knot.test
			    acl: update
			  - domain: sub.cut.test
			    acl: update
			  - domain: twin.test
			    acl: update
			  - domain: foreign.test
			  - domain: stale.test
		END
	} >"$LAB_DIR/knot2/knot.conf"
}
knot2_start() { lab_start knot2 "$(lab_program knotd)" -c "$LAB_DIR/knot2/knot.conf"; }
knot2_ready() { lab_wait knot2 lab_serves $LAB_KNOT2 $lab_zones_knot2; }
