# The zones of the lab, and the zone files. Sourced by lib.sh.
# shellcheck shell=bash

# Primary at BIND, secondaries at Knot and NSD.
lab_zones_bind() {
	echo example.test web.test chain.test hop1.test hop2.test loop.test deep.test away.test dn.test wild.test \
		differ.test v6.test nic.test
	if lab_with many; then
		printf 'z%03d.test ' $(seq 100)
	fi
}
# At BIND alone.
lab_zones_alone="refuse.test static.test dead.test deaf.test lame.test stale.test cut.test sa.test sb.test twin.test"
lab_zones_knot2="knot.test foreign.test stale.test sub.cut.test twin.test"

# Address of the names ns-SERVER.ZONE. No function that is called as $(...): a process for each of 300 names is 20 s on
# a small machine.
declare -A lab_address=([bind]=$LAB_BIND [bind6]=$LAB_BIND [knot]=$LAB_KNOT [nsd]=$LAB_NSD [knot2]=$LAB_KNOT2 [lame]=$LAB_KNOT2
	[stale]=$LAB_KNOT2 [pdns]=$LAB_PDNS [dead]=$LAB_DEAD [deaf]=$LAB_DEAF [sa]=$LAB_SA)

lab_servers_of() { # ZONE: who is named in its NS, into lab_servers
	case $1 in
	refuse.test | static.test | cut.test | sa.test | sb.test) lab_servers=bind ;;
	dead.test) lab_servers='bind dead' ;;
	deaf.test) lab_servers='bind deaf' ;;
	lame.test) lab_servers='bind lame' ;;
	stale.test) lab_servers='bind stale' ;;
	differ.test) lab_servers='bind nsd' ;;
	twin.test) lab_servers='bind knot2' ;;
	v6.test) lab_servers='bind6 knot' ;;
	val.test) lab_servers=pdns ;;
	standalone.test) lab_servers=sa ;;
	knot.test | foreign.test | sub.cut.test) lab_servers=knot2 ;;
	*) lab_servers='bind knot nsd' ;;
	esac
}

lab_parent_servers_of() { # ZONE: who is named at the parent, into lab_servers
	case $1 in
	differ.test) lab_servers='bind knot' ;;
	*) lab_servers_of "$1" ;;
	esac
}

lab_ns() { # ZONE SERVER...: NS records with their addresses
	local zone=$1 server
	shift
	for server; do
		echo "$zone. NS ns-$server.$zone."
		echo "ns-$server.$zone. A ${lab_address[$server]}"
		[ "$server" != bind6 ] || ! lab_has_ipv6 || echo "ns-bind6.$zone. AAAA $LAB_BIND6"
	done
}

lab_has_ipv6() {
	[ -e /proc/net/if_inet6 ]
}

lab_records() { # ZONE: what is special about it
	local i
	case $1 in
	example.test)
		echo 'www.example.test. A 127.0.0.1'
		echo 'host.ent.example.test. A 127.0.0.1'
		;;
	web.test) echo '_acme-challenge.web.test. CNAME web.val.test.' ;;
	chain.test) echo '_acme-challenge.chain.test. CNAME a.hop1.test.' ;;
	hop1.test) echo 'a.hop1.test. CNAME b.hop2.test.' ;;
	hop2.test) echo 'b.hop2.test. CNAME chain.val.test.' ;;
	loop.test)
		echo '_acme-challenge.loop.test. CNAME x.loop.test.'
		echo 'x.loop.test. CNAME _acme-challenge.loop.test.'
		;;
	deep.test)
		echo '_acme-challenge.deep.test. CNAME d1.deep.test.'
		for i in 1 2 3 4 5 6 7 8 9 10; do
			echo "d$i.deep.test. CNAME d$((i + 1)).deep.test."
		done
		echo 'd11.deep.test. CNAME deep.val.test.'
		;;
	away.test) echo '_acme-challenge.away.test. CNAME away.foreign.test.' ;;
	dn.test) echo 'sub.dn.test. DNAME dn.val.test.' ;;
	wild.test) echo '*.wild.test. CNAME wild.val.test.' ;;
	cut.test) lab_ns sub.cut.test knot2 ;;
	sa.test)
		echo '_acme-challenge.sa.test. NS ns-sa.sa.test.'
		echo "ns-sa.sa.test. A $LAB_SA"
		;;
	sb.test) echo '_acme-challenge.sb.test. CNAME x.standalone.test.' ;;
	esac
}

lab_zone_file() { # ZONE SERIAL
	printf '$TTL 60\n'
	lab_servers_of "$1"
	echo "$1. SOA ns-${lab_servers%% *}.$1. hostmaster.$1. $2 3600 600 86400 60"
	# shellcheck disable=SC2086
	lab_ns "$1" $lab_servers
	lab_records "$1"
}

lab_zone_root() {
	printf '$TTL 60\n'
	echo ". SOA a.root-lab. hostmaster.root-lab. 1 3600 600 86400 60"
	echo ". NS a.root-lab."
	echo "a.root-lab. A $LAB_ROOT"
	echo "test. NS a.nic-of-test."
	echo "a.nic-of-test. A $LAB_TLD"
	echo "$LAB_STAGING. A $LAB_STAGING_IP"
}

lab_zone_tld() {
	local zone
	printf '$TTL 60\n'
	echo "test. SOA a.nic-of-test. hostmaster.test. 1 3600 600 86400 60"
	echo "test. NS a.nic-of-test."
	echo "ca.test. A $LAB_PEBBLE_IP"
	for zone in $(lab_zones_bind) $lab_zones_alone val.test knot.test foreign.test standalone.test; do
		lab_parent_servers_of "$zone"
		# shellcheck disable=SC2086
		lab_ns "$zone" $lab_servers
	done
}

lab_zones_write() {
	local zone dir
	for dir in root tld bind knot2 pdns; do
		mkdir -p "$LAB_DIR/$dir"
	done
	lab_zone_root >"$LAB_DIR/root/root.zone"
	lab_zone_tld >"$LAB_DIR/tld/test.zone"
	for zone in $(lab_zones_bind) $lab_zones_alone; do
		lab_zone_file "$zone" 10 >"$LAB_DIR/bind/$zone.zone"
	done
	for zone in $lab_zones_knot2; do
		lab_zone_file "$zone" 7 >"$LAB_DIR/knot2/$zone.zone"
	done
	lab_zone_file val.test 1 >"$LAB_DIR/pdns/val.test.zone"
}
