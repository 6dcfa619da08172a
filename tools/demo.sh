#!/usr/bin/env bash
# The main job, played before your eyes: `./dev demo [--keep]` builds what is needed and runs this.
#
# Needs netstackd, ipmpctl and write_loop in NETSTACKD_BIN_DIR. Everything is made in a fresh
# directory and removed at the end; only processes that were started here are ended.
set -euo pipefail

readonly BIN=${NETSTACKD_BIN_DIR:?NETSTACKD_BIN_DIR is not set; run ./dev demo}
readonly WRITES_BEFORE_CRASH=500
keep=no

for argument in "$@"; do
  case $argument in
    --keep) keep=yes ;;
    *)
      echo "demo: unknown argument '$argument' (see ./dev demo --help)" >&2
      exit 2
      ;;
  esac
done

work=$(mktemp -d "${TMPDIR:-/tmp}/netstackd-demo-XXXXXX")
readonly work endpoint=unix:$work/socket
export IPMPCTL_SERVER=$endpoint
# A proxy is not for a server on this machine.
unset http_proxy https_proxy grpc_proxy HTTP_PROXY HTTPS_PROXY GRPC_DEFAULT_SSL_ROOTS_FILE_PATH
server=
loop=

# end_process PID: asks it to end and waits until it has.
end_process() {
  kill "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

finish() {
  local status=$?
  if [[ -n $loop ]]; then end_process "$loop"; fi
  if ((status != 0)); then
    echo "demo: it went wrong; the log of the server:" >&2
    cat "$work/log" >&2 2>/dev/null || true
  fi
  if [[ $keep == yes && $status == 0 ]]; then return; fi
  if [[ -n $server ]]; then end_process "$server"; fi
  rm -rf "$work"
}
trap finish EXIT

bold=
plain=
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m'
  plain=$'\e[0m'
fi

chapter() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
# tell LINE...
tell() {
  local line
  for line in "$@"; do printf '%s\n' "${line:+  $line}"; done
}

# show COMMAND...: prints a command line of ours and what it says.
show() {
  printf '\n$ %s\n' "$*"
  "$BIN/$1" "${@:2}" 2>&1
}

# quiet COMMAND...: the result alone.
quiet() { "$BIN/$1" "${@:2}" 2>>"$work/log"; }

# Returns when the server says that it serves: it makes the file then.
start_server() {
  rm -f "$work/ready"
  "$BIN/netstackd" --state_dir "$work/state" --listen "$endpoint" --ready_file "$work/ready" \
    >>"$work/log" 2>&1 &
  server=$!
  local tries
  for ((tries = 0; tries < 1000; ++tries)); do
    if [[ -e $work/ready ]]; then return 0; fi
    if ! kill -0 "$server" 2>/dev/null; then
      server=
      return 1
    fi
    sleep 0.02
  done
  return 1
}

where_addresses_are() { quiet ipmpctl stat -aP -o address,inbound | sed 's/\\:/:/g' | sort; }

readonly begun=$SECONDS
chapter "1. A server, on a fresh directory"
start_server
tell "netstackd is process $server, its journal is in $work/state"

chapter "2. A group: two active interfaces, a standby, five addresses"
show ipmpctl group create ipmp0 --ipv4 --detect 1s
show ipmpctl interface create net0 --group ipmp0 --test 192.0.2.21/24
show ipmpctl interface create net1 --group ipmp0 --test 192.0.2.22/24
show ipmpctl interface create net2 --group ipmp0 --standby --test 192.0.2.23/24
quiet ipmpctl interface report net0 net1 net2 --link up >/dev/null
show ipmpctl address add ipmp0 192.0.2.10/24 192.0.2.11/24 192.0.2.12/24 192.0.2.13/24 192.0.2.14/24
tell "" "The addresses are spread over the active interfaces; net2 waits, in parentheses."
show ipmpctl stat -g
show ipmpctl stat -i
show ipmpctl stat -a

chapter "3. The link of net0 fails"
where_addresses_are >"$work/before"
show ipmpctl interface report net0 --link down
where_addresses_are >"$work/after"
tell "" "The failure and the take-over by the standby are one transaction. Who moved where:"
printf '\n  %-14s %-8s %s\n' ADDRESS BEFORE AFTER
join -t ' ' <(tr ':' ' ' <"$work/before") <(tr ':' ' ' <"$work/after") |
  while read -r address before after; do
    note=
    if [[ $before != "$after" ]]; then note='   moved'; fi
    printf '  %-14s %-8s %s%s\n' "$address" "$before" "$after" "$note"
  done
tell "" "Nobody who was on net1 moved. net2 is in use, net0 cannot be used, in brackets:"
show ipmpctl stat -g
tell "" "Why is an address where it is, and what would take it back?"
show ipmpctl why "ipmp0/$(awk -F: '$2 == "net2" {print $1; exit}' "$work/after")"
tell "" "What would happen if net1 were taken out of service as well?"
show ipmpctl interface offline net1 --dry-run || true
tell "" "When the link of net0 is back, it takes its share again, and the standby rests:"
show ipmpctl interface report net0 --link up
show ipmpctl stat -g
where_addresses_are >"$work/before"

chapter "4. The server is killed in the middle of writes"
tell "A client adds addresses to a second group in a loop. It notes each one in a file when the" \
  "server has acknowledged it. After $WRITES_BEFORE_CRASH of them the server gets kill -9."
mkfifo "$work/progress"
"$BIN/write_loop" "$endpoint" loop0 "$work/acknowledged" >"$work/progress" 2>>"$work/log" &
loop=$!
exec 3<"$work/progress"
while read -r -t 60 word number rest <&3; do
  if [[ $word == acknowledged ]] && ((number >= WRITES_BEFORE_CRASH)); then break; fi
done
kill -9 "$server"
wait "$server" 2>/dev/null || true
printf '\n$ kill -9 %s\n' "$server"
server=
while read -r -t 60 word number rest <&3; do
  if [[ $word == lost ]]; then break; fi
done
tell "The client had $number acknowledgements when it lost the server, and one write without answer." \
  "The server starts again, on the same directory:"
crashed_ms=$(date +%s%3N)
start_server
serving_ms=$(($(date +%s%3N) - crashed_ms))

chapter "5. What is there afterwards"
quiet ipmpctl server info -o json >"$work/info"
recovery=$(sed -n '/"recovery"/,/}/s/.*"duration": "\(.*\)s".*/\1/p' "$work/info")
objects=$(sed -n '/"recovery"/,/}/s/.*"objects": \([0-9]*\).*/\1/p' "$work/info")
transactions=$(sed -n '/"recovery"/,/}/s/.*"transactions": \([0-9]*\).*/\1/p' "$work/info")
tell "Recovery took $(awk -v s="$recovery" 'BEGIN {printf "%.1f", s * 1000}') ms: $objects objects and" \
  "$transactions transactions were read back." \
  "From the start of the program to its first answer: $serving_ms ms."
while read -r -t 60 word how rest <&3; do
  if [[ $word == answered ]]; then break; fi
done
exec 3<&-
wait "$loop"
loop=
case $how in
  replayed) tell "The write without answer was sent again, with its request id: it had been done." ;;
  *) tell "The write without answer was sent again, with its request id: it is done now, once." ;;
esac

quiet ipmpctl address list loop0 -o json | sed -n 's/^      "name": "\(.*\)",*$/\1/p' |
  sort >"$work/stored"
sort "$work/acknowledged" >"$work/wanted"
missing=$(comm -23 "$work/wanted" "$work/stored" | wc -l)
tell "" "acknowledged writes   $(wc -l <"$work/wanted")" \
  "of these missing      $missing"
if ((missing > 0)); then exit 1; fi
where_addresses_are | grep -v '^10\.' >"$work/recovered"
if ! cmp -s "$work/before" "$work/recovered"; then
  echo "demo: the addresses of ipmp0 are not where they were" >&2
  exit 1
fi
tell "" "And the group is as it was, each address on its interface:"
show ipmpctl stat -g
show ipmpctl history ipmp0 --limit 4 --fields revision,principal,what

chapter "That was it, in $((SECONDS - begun)) seconds."
if [[ $keep == yes ]]; then
  tell "The server stays up, as process $server. Talk to it:" "" \
    "  export IPMPCTL_SERVER=$endpoint" \
    "  export PATH=$BIN:\$PATH" \
    "  ipmpctl --help" \
    "  ipmpctl interface offline net0" "" \
    "and end it:" "" \
    "  kill $server && rm -rf $work"
fi
