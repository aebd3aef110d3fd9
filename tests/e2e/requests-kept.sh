#!/bin/bash
# A DNS account that allows so many requests a minute: how many went out is kept for the next run, which adds its own.
# needs: hooks
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

(umask 077 && echo lab >"$LAB_DIR/api.key")
mkdir -m 755 "$LAB_DIR/plugins"
{ cat "$DNSPROOF_INST/share/dnsproof/plugins.d/pdns.yaml" && echo 'limits: {requests_per_minute: 5000}'; } >"$LAB_DIR/plugins/pdns.yaml"
chmod 644 "$LAB_DIR/plugins/pdns.yaml"
export DNSPROOF_DESCRIPTORDIR=$LAB_DIR/plugins
api=(--dns pdns --set "url=http://$LAB_PDNS:8081" --set "key=file:$LAB_DIR/api.key")
kept() {
	python3 - "$state/state.db" <<-'END'
		import sqlite3, sys
		print(sqlite3.connect(sys.argv[1]).execute("SELECT coalesce(sum(n), 0) FROM dns_requests").fetchone()[0])
	END
}

expect 0 issue val.test "${api[@]}"
first=$(kept)
[ "$first" -ge 5 ] || fail "check, add and del are three calls of more than one request each, but $first are kept"
python3 - "$state/state.db" <<'END' # however slow this machine is: a clock that was ahead wrote them
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE dns_requests SET at=at+3600")
db.commit()
END
expect 0 issue www.val.test "${api[@]}"
[ "$(kept)" -gt "$first" ] || fail "the next run has forgotten them: $(kept) are kept, $first were"
