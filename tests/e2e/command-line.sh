#!/bin/bash
# Help, versions and the list of providers need no network and no state.
. "$(dirname "$0")/functions.sh"

state=$LAB_DIR/never
expect 0 "$dnsproof" --version
said 'dnsproof [0-9]'
expect 0 "$dnsproof" --help
said 'issue' 'clean' 'providers'
for command in issue clean providers; do
	expect 0 "$dnsproof" $command --help
	said "dnsproof $command"
done
expect 0 "$dnsproof" providers
said 'rfc2136' 'exec'
expect 0 "$dnsproof" providers rfc2136
said 'server' 'key' 'required' 'secret'
expect 2 "$dnsproof" providers no-such-provider
said 'no-such-provider'
expect 2 "$dnsproof"
expect 2 "$dnsproof" no-such-command
said 'no-such-command'
expect 0 "$DNSPROOF_INST/bin/dnsproof-provider" --describe rfc2136
said 'server' 'key'
[ ! -e "$state" ] || fail "a state folder was made"
