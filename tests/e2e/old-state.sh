#!/bin/bash
# A state folder made by f450f8e (tests/e2e/fixtures): opened, its two leftovers removed, its certificate and account key known.
# lab: PEBBLE_AUTHZREUSE=0
. "$(dirname "$0")/functions.sh"

# What it holds: example.test issued on 2026-11-28; a run for www.example.test killed before it posted a challenge.
values="uaTSD9RoTSOzj9K4mzBXzr05M8PRE_0DpLr9bkw_Xx4 vbs8bN9E00dAmc4HbN4wSCPHPlmD-U06gpEghuYVKN0"
due_from=$(date -d 2027-01-20 +%s)

mkdir -m 711 "$state"
tar -C "$state" -xpzf "$(dirname "$0")/fixtures/state-f450f8e.tar.gz"
sed -i "s#@LAB_DIR@#$LAB_DIR#" "$state"/{dns,ca,issued}/*.json
# The path of the key is another one here, and with it the DNS account's name: a hash of its options.
python3 - "$state" <<'END'
import json, os, sqlite3, sys
state, old = sys.argv[1], "rfc2136-12cbe5e8c8d18848"
account = json.load(open(f"{state}/dns/{old}.json"))
text = json.dumps({"options": account["options"], "provider": "rfc2136"}, separators=(",", ":"), sort_keys=True)
number = 0xCBF29CE484222325
for octet in text.encode():
    number = (number ^ octet) * 0x100000001B3 % 2**64
new = f"rfc2136-{number:016x}"
os.rename(f"{state}/dns/{old}.json", f"{state}/dns/{new}.json")
for file in os.scandir(f"{state}/issued"):
    text = open(file).read().replace(old, new)
    open(file, "w").write(text)
db = sqlite3.connect(f"{state}/state.db")
db.execute("UPDATE intents SET dns_account = ?", (new,))
db.commit()
END
live=$(readlink "$state/certs/example.test/live")
key=$(cat "$state"/keys/*.pem)
for value in $values; do
	put_txt "$LAB_TSIG_KEY" "$LAB_BIND" example.test _acme-challenge.www.example.test "$value"
done
put_txt "$LAB_TSIG_KEY" "$LAB_BIND" example.test _acme-challenge.www.example.test "of somebody else"
[ "$(count_txt "$LAB_BIND" _acme-challenge.www.example.test)" = 3 ] || fail "the values of the dead run are not there"

expect 0 clean
[ "$(txt_at "$LAB_BIND" _acme-challenge.www.example.test)" = "of somebody else" ] ||
	fail "left: $(txt_at "$LAB_BIND" _acme-challenge.www.example.test)"
[ "$(readlink "$state/certs/example.test/live")" = "$live" ] || fail "live points elsewhere"
before=$(orders)
if [ "$(date +%s)" -lt "$due_from" ]; then
	expect 0,3 issue example.test "${bind[@]}"
	[ "$(orders)" = "$before" ] || fail "an order for a certificate that is there"
	[ "$(readlink "$state/certs/example.test/live")" = "$live" ] || fail "a new generation though nothing was due"
fi
expect 0 issue example.test --force "${bind[@]}"
check_pair example.test example.test
[ "$(orders)" = $((before + 1)) ] || fail "$(($(orders) - before)) orders"
[ "$(cat "$state"/keys/*.pem)" = "$key" ] || fail "the account's key is another one"
[ -d "$state/certs/example.test/$live" ] || fail "the old generation is gone"
no_process_left
