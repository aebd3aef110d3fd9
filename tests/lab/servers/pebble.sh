# Pebble, and the proxy that puts it far away. A blocked name may not have more labels than any name asked
# for: Pebble 2.4 panics when it compares them.
# shellcheck shell=bash

pebble_conf() {
	local profiles='{"default": {"description": "the only one", "validityPeriod": 7776000}}'
	mkdir -p "$LAB_DIR/pebble"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=lab \
		-addext "subjectAltName=DNS:ca.test,DNS:$LAB_STAGING,DNS:localhost,IP:127.0.0.1,IP:$LAB_PEBBLE_IP,IP:$LAB_PROXY_IP,IP:$LAB_STAGING_IP" \
		-keyout "$LAB_DIR/pebble/key.pem" -out "$LAB_CA_BUNDLE" 2>"$LAB_DIR/log/openssl.log"
	cat >"$LAB_DIR/pebble/config.json" <<-END
		{"pebble": {
		  "listenAddress": "$LAB_PEBBLE_IP:14000",
		  "managementListenAddress": "$LAB_PEBBLE_IP:15000",
		  "certificate": "$LAB_CA_BUNDLE",
		  "privateKey": "$LAB_DIR/pebble/key.pem",
		  "httpPort": 5002, "tlsPort": 5001, "ocspResponderURL": "",
		  "externalAccountBindingRequired": false,
		  "domainBlocklist": ["blocked.test"],
		  ${LAB_PEBBLE_RETRY_AFTER:+\"retryAfter\": $LAB_PEBBLE_RETRY_AFTER,}
		  "certificateValidityPeriod": 7776000,
		  "profiles": ${LAB_PEBBLE_PROFILES:-$profiles}
		}}
	END
}
pebble_start() {
	local flags
	read -ra flags <<<"${LAB_PEBBLE_FLAGS--strict}"
	lab_start pebble env PEBBLE_VA_NOSLEEP="${PEBBLE_VA_NOSLEEP-1}" \
		PEBBLE_WFE_NONCEREJECT="${PEBBLE_WFE_NONCEREJECT-20}" PEBBLE_AUTHZREUSE="${PEBBLE_AUTHZREUSE-50}" \
		"${LAB_PEBBLE:-pebble}" -config "$LAB_DIR/pebble/config.json" -dnsserver "$LAB_RESOLVER" "${flags[@]}"
}
pebble_ready() { lab_wait pebble curl -sf --cacert "$LAB_CA_BUNDLE" "$LAB_CA"; }

delayproxy_conf() { lab_tool delayproxy >/dev/null; }
delayproxy_start() {
	lab_start delayproxy "$(lab_tool delayproxy)" "$LAB_PROXY_IP" 14000 "$LAB_PEBBLE_IP" 14000 "${LAB_CA_DELAY:-50}"
}
delayproxy_ready() { lab_wait delayproxy grep -q listening "$LAB_DIR/log/delayproxy.log"; }

deaf_conf() { lab_tool deaf >/dev/null; }
deaf_start() { lab_start deaf "$(lab_tool deaf)" "$LAB_DEAF" 53; }
deaf_ready() { lab_wait deaf grep -q listening "$LAB_DIR/log/deaf.log"; }
