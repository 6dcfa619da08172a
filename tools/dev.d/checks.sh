# shellcheck shell=bash
# ./dev fmt and lint.

help_fmt() {
  cat <<'TEXT'
usage: ./dev fmt [--check]

Formats our C++ files (those that git knows) with clang-format.
  --check   change nothing; fail if a file would change
TEXT
}

run_fmt() {
  local mode=(-i)
  case ${1:-} in
    --check) mode=(--dry-run -Werror) ;;
    "") ;;
    *) die "fmt: unknown argument '$1' (see ./dev fmt --help)" 2 ;;
  esac
  need build test
  our_cpp_files | xargs -0 -r clang-format "${mode[@]}"
}

help_lint() {
  cat <<'TEXT'
usage: ./dev lint [--tidy [FILE...]]

Runs the checks of tests/lint: layers, limits, names and words, links, format and more.
One rule alone: tests/lint/lint.py RULE
  --tidy   instead: clang-tidy over FILEs (default: all of ours; about 10 s for each)
TEXT
}

run_lint() {
  if [[ ${1:-} == --tidy ]]; then
    shift
    run_tidy "$@"
    return
  fi
  (($# == 0)) || die "lint: unknown argument '$1' (see ./dev lint --help)" 2
  need build test
  configure dev
  ctest --preset dev -L lint --parallel "$(job_count)"
}

run_tidy() {
  need build test check tidy
  build_preset dev-clang
  if (($# > 0)); then
    printf '%s\0' "$@"
  else
    git -c "safe.directory=$ROOT" ls-files -z -- '*.cc'
  fi | xargs -0 -r -n 1 -P "$(job_count)" clang-tidy --quiet -p build/dev-clang
}
