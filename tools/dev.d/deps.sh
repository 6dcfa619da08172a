# shellcheck shell=bash
# ./dev deps, and the quiet check that every other command begins with.

help_deps() {
  cat <<'TEXT'
usage: ./dev deps [GROUP...]

Installs the Debian packages of tools/packages that are missing; does nothing if all are there.
Groups: build test check tidy bench; default: build test check. Uses sudo if you are not root.
The other commands of ./dev do this by themselves for the groups they need.
TEXT
}

run_deps() {
  local groups=("$@")
  if ((${#groups[@]} == 0)); then groups=(build test check); fi
  need "${groups[@]}"
  say "deps: everything is there (${groups[*]})"
}

# Prints the packages of the groups, one per line.
packages_of() {
  awk -v wanted=" $* " '!/^#/ && NF && index(wanted, " " $2 " ") {print $1}' tools/packages
}

# Prints those of the packages that are not installed.
missing_of() {
  comm -13 \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
      sed -n 's/^installed //p' | sort -u) \
    <(printf '%s\n' "$@" | sort -u)
}

# as_root COMMAND...
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "packages have to be installed: become root or install sudo"
  fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -y \
    -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# apt_logged ARGUMENTS...: apt with one line of progress for 25 packages; all of it in the log.
apt_logged() {
  local log=build/apt.log status=0
  set +e
  apt "$@" 2>&1 | tee -a "$log" |
    awk '/^Need to get/ {print "   " $0; fflush()}
         /^Setting up/ {if (++n % 25 == 0) {print "   " n " packages set up"; fflush()}}'
  status=${PIPESTATUS[0]}
  set -e
  return "$status"
}

# need GROUP...: every package of the groups is there when this returns.
need() {
  local wanted missing
  mapfile -t wanted < <(packages_of "$@")
  ((${#wanted[@]} > 0)) || die "no package has the group: $*" 2
  if ! command -v dpkg-query >/dev/null; then
    say "deps: not a Debian system; you need the equivalents of tools/packages"
    return 0
  fi
  mapfile -t missing < <(missing_of "${wanted[@]}")
  if ((${#missing[@]} == 0)); then return 0; fi

  say "deps: installing ${#missing[@]} packages: ${missing[*]}"
  mkdir -p build
  : >build/apt.log
  if apt-get -s install "${missing[@]}" >/dev/null 2>&1 &&
    apt_logged install --no-install-recommends "${missing[@]}"; then
    return 0
  fi
  say "deps: reading the package lists first"
  apt_logged update || die "apt-get update failed; see build/apt.log"
  if ! apt_logged install --no-install-recommends "${missing[@]}"; then
    tail -n 20 build/apt.log >&2
    die "the packages could not be installed; see build/apt.log"
  fi
}
