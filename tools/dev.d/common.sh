# shellcheck shell=bash
# Shared by the commands of ./dev. Sourced, never run.
# Globals: ROOT (the tree, also the current directory), CALLER_DIR (where the user stands).

PRESETS_OF_ALL=(dev dev-clang asan tsan)

# say TEXT...: one line of progress.
say() { printf '== %s\n' "$*"; }

# die TEXT [STATUS]
die() {
  printf './dev: %s\n' "$1" >&2
  exit "${2:-1}"
}

# Prints how many compilers may run at once: one per core, and 1 GB of memory for each.
job_count() {
  local cores kib limit jobs
  cores=$(nproc)
  kib=$(awk '/^MemTotal:/ {print $2}' /proc/meminfo)
  # A container may have less than the machine.
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)
  if [[ $limit =~ ^[0-9]+$ ]] && ((limit / 1024 < kib)); then kib=$((limit / 1024)); fi
  jobs=$((kib / 1024 / 1000))
  if ((jobs > cores)); then jobs=$cores; fi
  if ((jobs < 1)); then jobs=1; fi
  echo "$jobs"
}

# configure PRESET: quiet if it works.
configure() {
  local preset=$1 log="build/$1.configure.log"
  mkdir -p build
  if ! cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log"
    printf './dev: preset %s cannot be configured (%s)\n' "$preset" "$log" >&2
    return 1
  fi
}

# build_preset PRESET [TARGET...]: configures and builds; without targets, what the preset says.
build_preset() {
  local preset=$1 jobs
  shift
  jobs=$(job_count)
  configure "$preset" || return 1
  say "build $preset${1:+: $*} (jobs: $jobs)"
  cmake --build --preset "$preset" --parallel "$jobs" ${1:+--target "$@"}
}

# Succeeds if the configured PRESET has TARGET.
has_target() {
  [[ -n $(ninja -C "build/$1" -t query "$2" 2>/dev/null) ]]
}

# Prints our C++ files, those that git knows, NUL between them.
our_cpp_files() {
  git -c "safe.directory=$ROOT" ls-files -z -- '*.cc' '*.h'
}
