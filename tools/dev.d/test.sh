# shellcheck shell=bash
# ./dev test: build and test one preset or all of them, and count honestly.

help_test() {
  cat <<'TEXT'
usage: ./dev test [--all | --preset PRESET]... [-R REGEX] [-L LABEL] [-- CTEST-ARGUMENTS]

Builds and tests preset dev. The last line is "N passed, N failed" over everything that ran; a
preset that cannot be built counts as one failure.
  --all            dev, dev-clang, asan and tsan
  --preset PRESET  this one instead; may be repeated
  -R REGEX         only tests whose name matches
  -L LABEL         only tests with this label (a regular expression): unit property contract
                   golden integration e2e fuzz lint
TEXT
}

run_test() {
  local presets=() filter=() started
  while (($# > 0)); do
    case $1 in
      --all) presets=("${PRESETS_OF_ALL[@]}") ;;
      --preset)
        presets+=("${2:?./dev test: --preset needs a name}")
        shift
        ;;
      -R | -L)
        filter+=("$1" "${2:?./dev test: $1 needs a value}")
        shift
        ;;
      --)
        shift
        filter+=("$@")
        break
        ;;
      *) die "test: unknown argument '$1' (see ./dev test --help)" 2 ;;
    esac
    shift
  done
  if ((${#presets[@]} == 0)); then presets=(dev); fi

  local preset
  for preset in "${presets[@]}"; do need_for_preset "$preset"; done
  for preset in "${presets[@]}"; do
    started=$SECONDS
    test_preset "$preset" "${filter[@]}"
    echo "$((SECONDS - started))" >>"build/$preset.result"
  done
  report_tests "${presets[@]}"
}

# test_preset PRESET CTEST-ARGUMENTS...: never fails; leaves "PASSED FAILED" in build/PRESET.result.
test_preset() {
  local preset=$1 junit="$ROOT/build/$1/tests.xml" status=0 passed failed
  shift
  mkdir -p build
  rm -f "$junit"
  if ! build_preset "$preset"; then
    say "preset $preset could not be built"
    echo "0 1" >"build/$preset.result"
    return 0
  fi
  say "test $preset"
  # With a filter, a preset without a match is no error as long as another has one.
  # A proxy of this machine is not for clients that talk to a server on the same machine.
  env -u http_proxy -u https_proxy -u grpc_proxy -u HTTP_PROXY -u HTTPS_PROXY \
    -u GRPC_DEFAULT_SSL_ROOTS_FILE_PATH \
    ctest --preset "$preset" --parallel "$(job_count)" --output-junit "$junit" \
    ${1:+--no-tests=ignore "$@"} || status=$?
  # Whatever did not pass counts as failed: not found, not run, skipped, disabled.
  passed=$(grep -c '<testcase .*status="run"' "$junit" 2>/dev/null) || true
  failed=$(($(grep -c '<testcase ' "$junit" 2>/dev/null || true) - ${passed:-0}))
  if ((status != 0 && failed == 0)); then failed=1; fi
  echo "${passed:-0} $failed" >"build/$preset.result"
}

# report_tests PRESET...: the totals; fails if anything failed or nothing ran.
report_tests() {
  local preset passed failed seconds all_passed=0 all_failed=0
  if (($# > 1)); then printf '\n%-12s %8s %8s %8s\n' preset passed failed seconds; fi
  for preset in "$@"; do
    { read -r passed failed && read -r seconds; } <"build/$preset.result"
    if (($# > 1)); then printf '%-12s %8d %8d %8d\n' "$preset" "$passed" "$failed" "$seconds"; fi
    all_passed=$((all_passed + passed))
    all_failed=$((all_failed + failed))
  done
  if ((all_passed + all_failed == 0)); then printf './dev: no test matched\n' >&2; fi
  printf '%d passed, %d failed\n' "$all_passed" "$all_failed"
  ((all_failed == 0 && all_passed > 0))
}
