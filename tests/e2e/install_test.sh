#!/usr/bin/env bash
# Installs the library into a fresh prefix, builds the examples against it as a stranger would, and
# runs one against a real server.
#
# usage: install_test.sh BUILD_DIR SOURCE_DIR CXX_COMPILER CXX_FLAGS
set -euo pipefail

build=$1 source=$2 compiler=$3 flags=$4
work=$(mktemp -d "${TMPDIR:-/tmp}/nsd-install-XXXXXX")
server=
finish() {
  if [[ -n $server ]]; then kill "$server" && wait "$server" || true; fi
  rm -rf "$work"
}
trap finish EXIT

cmake --install "$build" --prefix "$work/prefix" >"$work/install.log"
for example in create_group write_loop; do
  cmake -S "$source/examples/$example" -B "$work/$example" -G Ninja \
    -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_CXX_COMPILER="$compiler" \
    -DCMAKE_CXX_FLAGS="$flags" >"$work/$example.log" 2>&1 || {
    cat "$work/$example.log"
    exit 1
  }
  cmake --build "$work/$example"
done

"$build/bin/netstackd" --state_dir "$work/state" --listen "unix:$work/socket" \
  --ready_file "$work/ready" 2>"$work/server.log" &
server=$!
# create_group itself waits for a server that is still starting.
"$work/create_group/create_group" "unix:$work/socket" | tee "$work/out"
grep -qE '^192\.0\.2\.200/24 is on example[12], revision [0-9]+$' "$work/out"
"$work/create_group/create_group" "unix:$work/socket" | grep -q '^the group is there already$'
