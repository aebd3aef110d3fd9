#!/bin/sh
# What a dnsapi script needs of acme.sh, in a few lines of our own.
_initpath() { :; }
_err() {
	echo "$1" >&2
	return 1
}
main() {
	case $1 in
	-* | "") _err "no action here: $1" ;;
	*) "$@" ;;
	esac
}
main "$@"
