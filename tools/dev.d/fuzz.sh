# shellcheck shell=bash
# ./dev fuzz: the targets of tests/fuzz under libFuzzer.

FUZZ_TARGETS=(journal_codec text requests storage calls)

help_fuzz() {
  cat <<TEXT
usage: ./dev fuzz [--minutes N] [--target NAME]... [--seed S]

Builds preset fuzz (libFuzzer with address and undefined-behaviour sanitizers) and runs the targets
one after the other for N minutes (default: 5) in all, from tests/fuzz/corpus and from what earlier
runs have found (build/fuzz-corpus). Fails if one crashes, and says how to repeat it.
  --target NAME  only this one; may be repeated: ${FUZZ_TARGETS[*]}
  --seed S       where chance begins; default: another one each time, printed
The same inputs without libFuzzer: ./dev test -L fuzz
TEXT
}

run_fuzz() {
  local minutes=5 seed=$RANDOM targets=() target failed=()
  while (($# > 0)); do
    case $1 in
      --minutes) minutes=${2:?./dev fuzz: --minutes needs a number} ;;
      --seed) seed=${2:?./dev fuzz: --seed needs a number} ;;
      --target) targets+=("${2:?./dev fuzz: --target needs a name}") ;;
      *) die "fuzz: unknown argument '$1' (see ./dev fuzz --help)" 2 ;;
    esac
    shift 2
  done
  [[ $minutes =~ ^[1-9][0-9]*$ && $seed =~ ^[0-9]+$ ]] ||
    die "fuzz: --minutes takes a number from 1, --seed one from 0" 2
  if ((${#targets[@]} == 0)); then targets=("${FUZZ_TARGETS[@]}"); fi
  for target in "${targets[@]}"; do
    [[ " ${FUZZ_TARGETS[*]} " == *" $target "* ]] || die "fuzz: there is no target '$target'" 2
  done

  need_for_preset fuzz
  build_preset fuzz "${targets[@]/#/fuzz_}"
  for target in "${targets[@]}"; do
    fuzz_one "$target" $((minutes * 60 / ${#targets[@]})) "$seed" || failed+=("$target")
  done
  if ((${#failed[@]} > 0)); then die "fuzz: failed: ${failed[*]}"; fi
  say "fuzz: nothing found (seed $seed)"
}

# fuzz_one TARGET SECONDS SEED
fuzz_one() {
  local target=$1 seconds=$2 seed=$3 found="build/fuzz-corpus/$1" crashes="build/fuzz-crashes/"
  local program="build/fuzz/bin/fuzz_$1" log="build/fuzz-$1.log" status=0
  mkdir -p "$found" "$crashes"
  say "fuzz $target for $seconds s (seed $seed)"
  env -u http_proxy -u https_proxy -u grpc_proxy \
    ASAN_OPTIONS=detect_stack_use_after_return=1:allow_addr2line=1 \
    UBSAN_OPTIONS=print_stacktrace=1:allow_addr2line=1 \
    "$program" -max_total_time="$seconds" -seed="$seed" -max_len=2048 -len_control=0 -timeout=60 \
    -malloc_limit_mb=256 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$crashes$target-" "$found" "tests/fuzz/corpus/$target" >"$log" 2>&1 ||
    status=$?
  grep -E '^stat::(number_of_executed_units|average_exec_per_sec|new_units_added)' "$log" || true
  if ((status == 0)); then return 0; fi
  grep -vE '^#[0-9]+[[:space:]]+(NEW|REDUCE|pulse)' "$log" | tail -n 60
  cat <<TEXT
./dev: $target failed (all of it in $log)
  repeat:    $program FILE      with the FILE named above
  shrink:    $program -minimize_crash=1 -runs=10000 FILE
  keep it:   as tests/fuzz/corpus/$target/WHAT-IT-IS, beside a test of its own and the fix
TEXT
  return 1
}
