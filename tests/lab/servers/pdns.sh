# PowerDNS with gsqlite3, UPDATE and the HTTP API: val.test.
# shellcheck shell=bash

pdns_conf() {
	local schema=/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql
	[ -r $schema ] || schema=/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql
	cat >"$LAB_DIR/pdns/pdns.conf" <<-END
		launch=gsqlite3
		gsqlite3-database=$LAB_DIR/pdns/pdns.db
		gsqlite3-pragma-synchronous=0
		local-address=$LAB_PDNS
		socket-dir=$LAB_DIR/pdns
		dnsupdate=yes
		allow-dnsupdate-from=127.0.0.0/8
		api=yes
		api-key=lab
		webserver=yes
		webserver-address=$LAB_PDNS
		webserver-port=8081
		webserver-allow-from=127.0.0.0/8
		cache-ttl=0
		query-cache-ttl=0
		negquery-cache-ttl=0
		zone-cache-refresh-interval=0
		zone-metadata-cache-ttl=0
		receiver-threads=1
		distributor-threads=1
		daemon=no
		guardian=no
		disable-syslog=yes
	END
	sqlite3 "$LAB_DIR/pdns/pdns.db" <"$schema"
	sqlite3 "$LAB_DIR/pdns/pdns.db" <<-END
		INSERT INTO tsigkeys (name, algorithm, secret) VALUES ('val', 'hmac-sha256', '$(lab_secret "$LAB_VAL_KEY")');
		INSERT INTO domains (name, type) VALUES ('val.test', 'NATIVE');
		INSERT INTO domainmetadata (domain_id, kind, content)
			SELECT id, 'TSIG-ALLOW-DNSUPDATE', 'val' FROM domains UNION SELECT id, 'SOA-EDIT-DNSUPDATE', 'INCREASE' FROM domains;
		$(pdns_records <"$LAB_DIR/pdns/val.test.zone")
	END
}

pdns_records() { # a zone file of ours as INSERTs
	awk '$2 ~ /^[A-Z]+$/ && NF > 2 {
		name = $1; type = $2; sub(/\.$/, "", name)
		$1 = $2 = ""; sub(/^ +/, "")
		if (type == "NS" || type == "CNAME") sub(/\.$/, "")
		if (type == "SOA") $0 = "a.misconfigured.dns.server.invalid hostmaster.val.test 1 3600 600 86400 60"
		printf "INSERT INTO records (domain_id, name, type, content, ttl, auth) VALUES (1, \047%s\047, \047%s\047, \047%s\047, 60, 1);\n", name, type, $0
	}'
}
pdns_start() { lab_start pdns "$(lab_program pdns_server)" --config-dir="$LAB_DIR/pdns" --config-name=; }
pdns_ready() { lab_wait pdns lab_serves $LAB_PDNS val.test; }
