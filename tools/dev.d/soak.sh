# shellcheck shell=bash
# ./dev soak: the random tests of tests/, for as long as one likes.

# Each is a program that takes --minutes and --seed, prints how to repeat what it does, and fails if
# it finds something.
SOAK_PROGRAMS=(crash_soak linearizability_soak power_soak)

help_soak() {
  cat <<TEXT
usage: ./dev soak [--minutes N] [--seed S] [--preset PRESET] [PROGRAM...]

Builds and runs the long random tests, one after the other: ${SOAK_PROGRAMS[*]}
  --minutes N      for all of them together (10); a fraction is possible
  --seed S         of the first round; without it another one each time
  --preset PRESET  dev (default), release, asan ...
A failure prints the seed and the command that repeats it. Directories are made below \$TMPDIR.
TEXT
}

run_soak() {
  local minutes=10 seed=$((RANDOM * 32768 + RANDOM)) preset=dev programs=() program each status=0
  while (($# > 0)); do
    case $1 in
      --minutes) minutes=${2:?./dev soak: --minutes needs a number} && shift ;;
      --seed) seed=${2:?./dev soak: --seed needs a number} && shift ;;
      --preset) preset=${2:?./dev soak: --preset needs a name} && shift ;;
      -*) die "soak: unknown argument '$1' (see ./dev soak --help)" 2 ;;
      *) programs+=("$1") ;;
    esac
    shift
  done
  if ((${#programs[@]} == 0)); then programs=("${SOAK_PROGRAMS[@]}"); fi
  [[ $minutes =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "soak: '$minutes' is no number of minutes" 2
  need_for_preset "$preset"
  build_preset "$preset" "${programs[@]}"
  each=$(awk -v all="$minutes" -v n="${#programs[@]}" 'BEGIN {printf "%.3f", all / n}')
  for program in "${programs[@]}"; do
    say "$program: $each minutes, seed $seed"
    if ! "build/$preset/bin/$program" --minutes "$each" --seed "$seed"; then
      printf './dev: %s failed; again with: ./dev soak --preset %s --minutes %s --seed %s %s\n' \
        "$program" "$preset" "$each" "$seed" "$program" >&2
      status=1
    fi
  done
  return "$status"
}
