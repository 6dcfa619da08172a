# shellcheck shell=bash
# ./dev build, demo, bench and vectors: build something, then run it.

help_build() {
  cat <<'TEXT'
usage: ./dev build [--preset PRESET] [TARGET...]

Configures and builds PRESET (default: dev) below build/PRESET; without TARGET everything.
Programs are then in build/PRESET/bin. Presets: dev dev-clang asan tsan fuzz release.
TEXT
}

run_build() {
  local preset=dev
  if [[ ${1:-} == --preset ]]; then
    preset=${2:?./dev build: --preset needs a name}
    shift 2
  fi
  need_for_preset "$preset"
  build_preset "$preset" "$@"
}

# The packages a preset needs to be built and tested.
need_for_preset() {
  case $1 in
    dev | release) need build test ;;
    dev-clang | asan | tsan | fuzz) need build test check ;;
    *) die "there is no preset '$1' (dev dev-clang asan tsan fuzz release)" 2 ;;
  esac
}

help_demo() {
  cat <<'TEXT'
usage: ./dev demo [--keep]

Builds server and client, starts a server on a fresh directory and plays the main job: a group
with a standby, a link failure, a crash in the middle of writes, and what is there afterwards.
  --keep   leave the server running at the end, and say how to talk to it
TEXT
}

run_demo() {
  need build
  build_preset dev netstackd ipmpctl write_loop
  NETSTACKD_BIN_DIR=$ROOT/build/dev/bin exec bash tools/demo.sh "$@"
}

help_bench() {
  cat <<'TEXT'
usage: ./dev bench [--json FILE] [--only REGEX] [--dir DIR] [--seconds S] [--rounds N]

Builds preset release, measures, and prints one table: each figure beside its limits (an empty RPC
on the same server, fdatasync on the same disk, the same load on etcd), all of the same run.
  --json FILE    also write the rows there, as a JSON array
  --only REGEX   only rows whose name matches
  --dir DIR      where the servers keep their files; must be a real disk (default /var/tmp)
  --seconds S    length of one measurement (default 1)
  --rounds N     measurements of each load, in turns with those of its limits (default 3)
TEXT
}

run_bench() {
  need build
  build_preset release netstackd_bench
  cd "$CALLER_DIR"
  exec "$ROOT/build/release/bin/netstackd_bench" "$@"
}

help_vectors() {
  cat <<'TEXT'
usage: ./dev vectors [--journal | --live] DIR

Runs every scenario of DIR (the format of tests/golden/ipmp) and prints one line for each: pass,
fail with the first difference, or left out with the reason. Exit status 0 if none failed.
  (no option)  straight on the rules
  --journal    every step also through the executor into a journal; recovery must agree
  --live       against a server, over gRPC
TEXT
}

run_vectors() {
  need build
  configure dev
  local targets=(ipmp_vectors)
  if has_target dev netstackd; then targets+=(netstackd); fi
  build_preset dev "${targets[@]}"
  cd "$CALLER_DIR"
  exec "$ROOT/build/dev/bin/ipmp_vectors" "$@"
}
