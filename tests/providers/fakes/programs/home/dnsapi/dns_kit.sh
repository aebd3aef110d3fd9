#!/bin/sh
# A dnsapi script.
dns_kit_add() {
	kit_ask add "$1" "$2"
}

dns_kit_rm() {
	fulldomain=$1
	txtvalue=$2
	kit_ask del "$fulldomain" "$txtvalue"
}

kit_ask() {
	curl -fsS -d "name=$2" -d "value=$3" "$KIT_Url/$1" || _err "kit: $1 $2 failed"
}
