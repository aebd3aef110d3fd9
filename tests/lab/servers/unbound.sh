# Unbound: the recursive resolver, without memory unless LAB_CACHE, LAB_NEGATIVE_CACHE (seconds) are set: what it keeps of an earlier run at the
# same name, the CA would see.
# shellcheck shell=bash

unbound_conf() {
	mkdir -p "$LAB_DIR/unbound"
	printf '. 60 NS a.root-lab.\na.root-lab. 60 A %s\n' "$LAB_ROOT" >"$LAB_DIR/unbound/root.hints"
	cat >"$LAB_DIR/unbound/unbound.conf" <<-END
		server:
		    interface: $LAB_UNBOUND
		    access-control: 127.0.0.0/8 allow
		    do-not-query-localhost: no
		    do-ip6: no
		    root-hints: "$LAB_DIR/unbound/root.hints"
		    module-config: "iterator"
		    cache-max-ttl: ${LAB_CACHE:-0}
		    cache-max-negative-ttl: ${LAB_NEGATIVE_CACHE:-0}
		    num-threads: 1
		    outgoing-range: 512
		    username: ""
		    chroot: ""
		    directory: "$LAB_DIR/unbound"
		    pidfile: ""
		    use-syslog: no
		    do-daemonize: no
		    local-zone: "test." nodefault
		    unblock-lan-zones: yes
		    qname-minimisation: no
		remote-control:
		    control-enable: no
	END
}
unbound_start() { lab_start unbound "$(lab_program unbound)" -d -p -c "$LAB_DIR/unbound/unbound.conf"; }
unbound_ready() { lab_wait unbound lab_resolves example.test; }
